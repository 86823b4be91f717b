// Sends what waits on this device, oldest first and one at a time. An entry is deleted when the clinic names it as
// stored, and on nothing less. One tab sends at a time (Web Locks); where there are no locks, the entry's own name makes
// it harmless: sent twice, it is stored once.
import { askToSignIn } from "../answers.js";
import { csrfToken, person, renewToken, say } from "../page.js";
import { PATIENCE, dependsOn, isUnderWay } from "./entry.js";
import { refusalWords } from "./refusal.js";
import { change, entriesOf, onChange, remove } from "./store.js";

const FIRST_WAIT = 2000;
const LONGEST_WAIT = 30000;
const TOO_BUSY = new Set([429, 502, 503, 504]);

let wait = FIRST_WAIT;
let timer = null;

const tell = (event, target = document) => target.dispatchEvent(new CustomEvent(event, { bubbles: true }));

function again(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(drain, milliseconds);
}

function againLater() {
  again(wait);
  wait = Math.min(2 * wait, LONGEST_WAIT);
}

function post(entry) {
  return fetch(entry.url, {
    method: "POST",
    headers: {
      "X-CSRFToken": csrfToken(),
      "X-Person": entry.person,
      "HX-Request": "true",
      Prefer: "return=minimal",
    },
    body: new URLSearchParams(entry.fields),
    // A redirect leads to a sign-in, never to a receipt.
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE),
  });
}

async function refuse(entry, response, text) {
  const type = response.headers.get("Content-Type") || "";
  await change(entry.id, { state: "refused", refused: refusalWords({ status: response.status, text, type }) });
  return "refused";
}

function untilSignedIn() {
  askToSignIn("You are not signed in on this page any more. What waits here is sent as soon as you have signed in.");
  return "not-now";
}

/** The page is older than a sign-in: the token is taken anew, once, if it is still the same person's page. */
async function withNewToken(entry, isSecond) {
  if (!isSecond && (await renewToken())) return send(entry, true);
  return untilSignedIn();
}

async function understood(entry, response, isSecond) {
  if (response.headers.get("X-Stored") === entry.id) {
    await remove(entry.id);
    return "stored";
  }
  if (response.status === 401 || response.type === "opaqueredirect") return untilSignedIn();
  // A 2xx that names no entry is some proxy's page.
  if (response.ok || TOO_BUSY.has(response.status)) return "not-now";
  const text = await response.text();
  if (text.includes("data-csrf-refused") || text.includes("another-person")) return withNewToken(entry, isSecond);
  return refuse(entry, response, text);
}

async function send(entry, isSecond = false) {
  try {
    const response = await post(entry);
    tell("desk:heard");
    return await understood(entry, response, isSecond);
  } catch {
    tell("desk:unheard");
    return "not-now";
  }
}

/** The oldest one that may go now, "later" if it is on its way from a page, or nothing. */
async function next(tried) {
  const entries = await entriesOf(person());
  for (const entry of entries) {
    const waitsForAnother = entries.some(({ id }) => id === dependsOn(entry));
    if (entry.state === "refused" || tried.has(entry.id) || waitsForAnother) continue;
    return isUnderWay(entry) ? "later" : entry;
  }
  return null;
}

async function sendAll() {
  const tried = new Set();
  let stored = 0;
  let outcome = "stored";
  for (let entry = await next(tried); entry; entry = await next(tried)) {
    outcome = entry === "later" ? "not-now" : await send(entry);
    if (outcome === "not-now") break;
    tried.add(entry.id);
    if (outcome === "stored") stored += 1;
  }
  if (outcome === "not-now") againLater();
  else wait = FIRST_WAIT;
  if (stored) sayHowMany(stored);
}

function sayHowMany(stored) {
  tell("desk:entries-sent", document.body);
  say(stored === 1 ? "1 entry was sent" : `${stored} entries were sent`);
}

/** Sends what there is, unless a tab is at it already: then looks again soon. */
export async function drain() {
  if (!person()) return;
  clearTimeout(timer);
  if (!navigator.locks) return sendAll();
  await navigator.locks.request(`desk.entries:${person()}`, { ifAvailable: true }, (lock) => (lock ? sendAll() : again(FIRST_WAIT)));
}

export function startSender() {
  if (!person()) return;
  onChange(() => again(0));
  addEventListener("online", drain);
  addEventListener("focus", drain);
  // The page heard from the clinic: so will the entries.
  document.addEventListener("htmx:afterOnLoad", ({ detail }) => detail.xhr.status < 400 && again(0));
  drain();
}
