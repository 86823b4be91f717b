// <form data-checklist="key"> is filled over a while, with other work between: what was ticked and written is there again
// when its page is, for the same person on this device, as long as the key is the same. Sign-out throws it away.
// Never a form with a dosing frame: nothing may come back into one but from the clinician's own hand.
import { PREFIX } from "../autosave.js";
import { eachNowAndLater, person, stored } from "../page.js";

const keyOf = (form) => `${PREFIX}${person()}:checklist:${form.dataset.checklist}`;
const isBox = (input) => input.type === "radio" || input.type === "checkbox";
const mayKeep = (input) =>
  input.name && !["hidden", "password", "submit", "button"].includes(input.type) && !input.closest(".dosing");
const says = (input) => (isBox(input) ? input.checked : input.value !== "");

function keep(form) {
  const said = [...form.elements].filter((input) => mayKeep(input) && says(input));
  stored(keyOf(form), said.length ? JSON.stringify(said.map((input) => [input.name, input.value])) : null);
}

function bringBack(form) {
  for (const [name, value] of JSON.parse(stored(keyOf(form)) || "[]")) {
    for (const input of [...form.elements].filter((one) => one.name === name && mayKeep(one))) {
      if (!isBox(input)) input.value = value;
      else if (input.value === value) input.checked = true;
    }
  }
}

export function startChecklist() {
  eachNowAndLater("form[data-checklist]", (form) => {
    bringBack(form);
    form.addEventListener("input", () => keep(form));
  });
}
