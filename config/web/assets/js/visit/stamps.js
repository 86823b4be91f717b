// The first tap into a form stamps the time of what is charted, by the server's clock; a time that is typed counts
// instead. Whoever leaves the form with nothing written has charted nothing: the clock goes on. Without this script the
// time is that of saving.
import { now } from "../clock.js";
import { one } from "../page.js";

const FIELDS = "input:not([type=hidden]), select, textarea";

// Forms whose stamp was made here: one that came with the form, of an entry that is sent anew, is nobody's to forget.
const made = new WeakSet();

function stamp(form) {
  const field = form.elements.stamp;
  if (!field || field.value) return;
  field.value = new Date(now()).toISOString();
  made.add(form);
  const shown = one("[data-stamp-shown]", form);
  if (!shown) return;
  // The clock above the form stands still from here, and says so.
  shown.removeAttribute("data-clock");
  shown.classList.add("is-stamped");
}

function forget(form) {
  if (!made.delete(form) || !form.elements.stamp) return;
  form.elements.stamp.value = "";
  const shown = one("[data-stamp-shown]", form);
  shown?.setAttribute("data-clock", "wall");
  shown?.classList.remove("is-stamped");
}

function isUntouched(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked === field.defaultChecked;
  if (field.options) return [...field.options].every((option) => option.selected === option.defaultSelected);
  return field.value === field.defaultValue;
}

const formOf = (element) => element?.closest?.("form[data-stamped]");

export function startStamps() {
  for (const event of ["input", "change", "pointerdown"]) {
    document.addEventListener(event, ({ target }) => {
      const field = target.closest?.("label")?.control ?? target.closest?.(FIELDS);
      if (field && formOf(field)) stamp(formOf(field));
    });
  }
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    const form = formOf(target);
    if (form && !form.contains(relatedTarget) && [...form.querySelectorAll(FIELDS)].every(isUntouched)) forget(form);
  });
}
