// The tablet's keypad goes from one number to the next: its key says "next" and never sends a set that is half typed.
// After the last number it says "done" and closes; saving stays one press of its own.
import { all, eachNowAndLater } from "../page.js";

const LINES = "input:not([type=hidden], [type=checkbox], [type=radio]), textarea";
// A time that is not now is typed on purpose; the keypad does not lead there.
const linesOf = (form) => all(LINES, form).filter((input) => input.name !== "at" && input.checkVisibility());

function label(form) {
  for (const input of all("input", form)) {
    if (input.matches(LINES)) input.enterKeyHint = input.name === "at" ? "done" : "next";
  }
}

function onward(event) {
  const { target: input, key } = event;
  const form = key === "Enter" && !event.isComposing && input.matches?.(`form[data-stamped] :is(${LINES})`) && input.form;
  // In several lines of prose, Enter is a new line.
  if (!form || input.tagName === "TEXTAREA") return;
  event.preventDefault();
  const lines = linesOf(form);
  const following = input.name === "at" ? null : lines[lines.indexOf(input) + 1];
  if (following) following.focus();
  else input.blur();
}

export function startKeypad() {
  eachNowAndLater("form[data-stamped]", label);
  document.addEventListener("keydown", onward);
}
