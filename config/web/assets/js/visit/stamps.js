// The first key in a form stamps the time of what is charted, by the server's clock; a time that is typed counts
// instead. Without this script the time is that of saving.
import { now } from "../clock.js";
import { one } from "../page.js";

function stamp(form) {
  const field = form.elements.stamp;
  if (!field || field.value) return;
  field.value = new Date(now()).toISOString();
  const shown = one("[data-stamp-shown]", form);
  if (!shown) return;
  // The clock above the form stands still from here, and says so.
  shown.removeAttribute("data-clock");
  shown.classList.add("is-stamped");
}

export function startStamps() {
  for (const event of ["input", "change"]) {
    document.addEventListener(event, ({ target }) => {
      const form = target.closest("form[data-stamped]");
      if (form && target.type !== "hidden") stamp(form);
    });
  }
}
