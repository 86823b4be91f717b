// What stands in a form, as an entry that can wait: the pairs to send, and the same in words for people to read.
import { clinicTime, now } from "../clock.js";
import { one, person } from "../page.js";

// A request that takes longer than this is as good as lost; the page is told so and goes on.
export const PATIENCE = 6000;
// A page that is closed while it sends leaves its entry "sending": after this time any page takes it up.
const LEFT_BEHIND = 3 * PATIENCE;

export const isUnderWay = (entry) => entry.state === "sending" && Date.now() - entry.since < LEFT_BEHIND;

/** A form of the chairside. One with a password in it never waits: no password is kept on a device. */
export function isEntryForm(element) {
  return Boolean(element?.matches?.("form[data-entry][hx-post]")) && !one("input[type=password]", element);
}

/** A name for an entry that no other device gives. `crypto.randomUUID` is missing where the page came without TLS. */
export function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function labelOf(input) {
  const group = input.type === "radio" && input.closest("fieldset");
  const label = group ? one("legend", group) : input.labels?.[0];
  return label?.textContent.trim() || input.name;
}

function valueOf(input) {
  if (input.type === "radio") return input.labels?.[0]?.textContent.trim() || input.value;
  if (input.type === "checkbox") return "✓";
  return input.tagName === "SELECT" ? input.selectedOptions[0]?.textContent.trim() : input.value;
}

function says(input) {
  if (!input.name || ["hidden", "submit", "button", "password"].includes(input.type)) return false;
  return input.type === "radio" || input.type === "checkbox" ? input.checked : Boolean(input.value);
}

/** [label, value] of everything that was typed or pressed; a unit follows its value, as in the frame. */
function wordsOf(form) {
  const words = [];
  for (const input of [...form.elements].filter(says)) {
    const last = words.at(-1);
    if (input.matches(".dosing-unit") && last) last[1] += ` ${input.value}`;
    else words.push([labelOf(input), valueOf(input)]);
  }
  return words;
}

function pairsOf(form, stamp) {
  const pairs = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "stamp");
  return [...pairs, ["stamp", stamp]];
}

/** The entry that pressing the form's button makes, under the name that the form carries. */
export function entryOf(form, url) {
  form.elements.client_id.value ||= newName();
  const stamp = form.elements.stamp?.value || new Date(now()).toISOString();
  return {
    id: form.elements.client_id.value,
    person: person(),
    visit: new URL(url, location.href).pathname.split("/")[2],
    page: location.pathname,
    url,
    what: form.dataset.entry,
    fields: pairsOf(form, stamp),
    words: wordsOf(form),
    at: stamp,
    typed: form.elements.at?.value || "",
    pressed: form.hasAttribute("data-pressed"),
    state: "sending",
    since: Date.now(),
    refused: "",
  };
}

/** The time at which it was seen: as typed, else as stamped, on the clinic's clock. */
export function timeOf(entry) {
  return entry.typed || clinicTime(Date.parse(entry.at));
}

/** The entry whose form opened what this one adds to: it has to go out first. */
export const dependsOn = (entry) => new URL(entry.url, location.href).searchParams.get("event");

/** Writes how many there are into an element, in the words for one or for many. */
export function countInto(element, count, words = element.dataset) {
  element.textContent = count === 1 ? words.one : words.many.replace("COUNT", count);
}
