// From the press to the store. Each entry is kept on the device before it is sent and deleted when the clinic has it, so
// that no closed page and no lost network takes it along. What could not be sent waits; `desk:entry-kept` says so to the
// page, which empties the form for the next set.
import { hideProblem, showProblem } from "../bars.js";
import { isOffline, person } from "../page.js";
import { PATIENCE, entryOf, isEntryForm } from "./entry.js";
import { refusalIn } from "./refusal.js";
import { drain } from "./sender.js";
import { change, entriesOf, put, remove } from "./store.js";

// The server was not there, or did not know the person any more: nothing is wrong with the entry.
const NOT_HEARD = new Set([0, 401, 502, 503, 504]);
const onTheirWay = new WeakSet();
const entries = new WeakMap();

async function othersWait(entry) {
  const waiting = await entriesOf(person());
  return waiting.some(({ id, visit, state }) => id !== entry.id && visit === entry.visit && state === "waiting");
}

/** Keys pressed while the entry is on its way would be lost with the form that the answer replaces. */
function hold(form, isHeld) {
  form.inert = isHeld;
  form.toggleAttribute("data-sending", isHeld);
}

/** Left on the device; the form is the page's again. */
async function leave(form, entry) {
  entries.delete(form);
  await change(entry.id, { state: "waiting", refused: "" });
  form.dispatchEvent(new CustomEvent("desk:entry-kept", { bubbles: true, detail: { entry } }));
  hold(form, false);
  drain();
}

async function keepFirst(form, { path, issueRequest }) {
  const entry = entryOf(form, path);
  try {
    entry.before = await put(entry);
  } catch {
    // No store on this device (a private window, a full disk): the form stays as it was typed if it cannot be sent.
    entries.delete(form);
    return issueRequest(true);
  }
  entries.set(form, entry);
  // In order: behind what waits already.
  if (!isOffline() && !(await othersWait(entry))) return issueRequest(true);
  if (saysAnything(entry)) return leave(form, entry);
  await remove(entry.id);
  hold(form, false);
  return showProblem("Nothing was written.");
}

const saysAnything = ({ pressed, words, fields }) => pressed || words.length || fields.some(([name]) => name === "kind");

async function beforeSending(event) {
  const { elt: form, verb } = event.detail;
  if (verb !== "post" || !isEntryForm(form) || !person()) return;
  event.preventDefault();
  if (onTheirWay.has(form)) return;
  onTheirWay.add(form);
  hold(form, true);
  await keepFirst(form, event.detail);
  onTheirWay.delete(form);
}

/** Nobody answered. */
function unheard(form) {
  const entry = entries.get(form);
  if (entry) return leave(form, entry);
  hold(form, false);
  return showProblem("This could not be sent, and this device keeps nothing. What you typed stands here: try again.");
}

/** An answer that says nothing about the entry: from a server that is not there, a sign-in, a proxy's own page. */
function isNoAnswer(xhr, entry) {
  if (NOT_HEARD.has(xhr.status) || xhr.responseText.includes("data-csrf-refused")) return true;
  return xhr.status < 400 && xhr.getResponseHeader("X-Stored") !== entry.id;
}

function notHeard(event) {
  const { xhr, requestConfig } = event.detail;
  const entry = entries.get(requestConfig.elt);
  if (!entry || !isNoAnswer(xhr, entry)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  unheard(requestConfig.elt);
}

async function answered({ detail: { xhr, requestConfig } }) {
  if (isEntryForm(requestConfig.elt)) hold(requestConfig.elt, false);
  const stored = xhr.getResponseHeader("X-Stored");
  if (stored) await remove(stored);
  const entry = entries.get(requestConfig.elt);
  if (!entry || isNoAnswer(xhr, entry)) return;
  entries.delete(requestConfig.elt);
  if (stored) return;
  // What was refused before and waits for its correction stays on the device, with what was typed last.
  if (entry.before === "refused") await change(entry.id, { state: "refused", refused: refusalIn(xhr) });
  // Otherwise the form stands on the page with the words beside it.
  else await remove(entry.id);
}

export function startCapture() {
  document.addEventListener("htmx:confirm", beforeSending);
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (isEntryForm(detail.elt)) detail.timeout = PATIENCE;
  });
  document.addEventListener("htmx:beforeOnLoad", notHeard);
  document.addEventListener("htmx:afterRequest", answered);
  for (const event of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(event, ({ detail }) => isEntryForm(detail.requestConfig?.elt) && unheard(detail.requestConfig.elt));
  }
  document.addEventListener("desk:entry-kept", hideProblem);
}
