// The chairside. The first key in a form stamps the time of what is charted, by the server's clock; a time that is typed
// counts instead. Without this script the time is that of saving.
const ahead = (() => {
  const meta = document.querySelector('meta[name="server-now"]');
  return meta ? Date.parse(meta.content) - Date.now() : 0;
})();

function stamp(form) {
  const field = form.elements.stamp;
  if (!field || field.value) return;
  field.value = new Date(Date.now() + ahead).toISOString();
  const shown = form.querySelector("[data-stamp-shown]");
  if (!shown) return;
  // The clock above the form stands still from here, and says so.
  shown.removeAttribute("data-clock");
  shown.classList.add("is-stamped");
}

for (const event of ["input", "change"]) {
  document.addEventListener(event, ({ target }) => {
    const form = target.closest("form[data-stamped]");
    if (form && target.type !== "hidden") stamp(form);
  });
}
