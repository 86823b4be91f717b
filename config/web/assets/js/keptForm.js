// After a session that had ended: what was sent goes back into its form, once, in the page that asked for it.
// Nothing comes back into a dosing frame except from the clinician's own hand: that text stays beside, to read.
import { all, one } from "./page.js";

const pathOf = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
const named = (form, fields) => [...form.elements].filter((input) => fields.has(input.name)).length;

function formOf(action, fields) {
  const forms = all("main form[method=post]").filter((form) => pathOf(form) === action);
  return forms.sort((one_, other) => named(other, fields) - named(one_, fields))[0];
}

function fill(input, values) {
  if (input.type === "checkbox" || input.type === "radio") input.checked = values.includes(input.value);
  else if (input.type === "select-multiple") for (const option of input.options) option.selected = values.includes(option.value);
  else input.value = values.shift() ?? "";
}

/** Nothing that was put back stays behind a closed fold. */
function unfold(input) {
  const says = input.type === "checkbox" || input.type === "radio" ? input.checked : input.value && input.type !== "hidden";
  const fold = says && input.closest("details:not([open])");
  if (fold) fold.open = true;
}

const mayFill = (input) =>
  input.name &&
  input.name !== "csrfmiddlewaretoken" &&
  !["password", "file", "submit", "button"].includes(input.type) &&
  !input.closest(".dosing");

/** Puts the values into the form; true when each that was typed found its place. */
function putBack(form, fields) {
  const filled = new Set();
  for (const input of [...form.elements].filter(mayFill)) {
    // A box that was not ticked was not sent.
    const isBox = input.type === "checkbox" || input.type === "radio";
    if (!fields.has(input.name) && !isBox) continue;
    fill(input, fields.get(input.name) || []);
    unfold(input);
    filled.add(input.name);
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
  form.dispatchEvent(new Event("change", { bubbles: true }));
  return [...fields].every(([name, values]) => filled.has(name) || values.every((value) => !value));
}

export function startKeptForm() {
  const kept = one("[data-kept-form]");
  if (!kept) return;
  const fields = new Map(JSON.parse(kept.dataset.keptFields));
  const form = formOf(kept.dataset.keptForm, fields);
  if (!form) return;
  const isWhole = putBack(form, fields);
  one("[data-kept-put-back]", kept).hidden = false;
  one("[data-kept-to-read]", kept).hidden = true;
  one("details", kept).open = !isWhole;
}
