// What the other modules share about the page: lookups, the polite live region, the CSRF token, typing or not.

export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Says `words` to screen readers without moving focus. */
export function say(words) {
  const live = one("#live");
  if (!live) return;
  live.textContent = "";
  // Emptied first and filled a moment later, so that the same words twice are read twice.
  setTimeout(() => {
    live.textContent = words;
  }, 50);
}

/** The token that htmx sends too: one place, the body's hx-headers. */
export function csrfToken() {
  const headers = document.body.getAttribute("hx-headers");
  return headers ? JSON.parse(headers)["X-CSRFToken"] : "";
}

/** Whether the network is known to be gone: by the browser, or because nobody answered (bars.js). */
export const isOffline = () => "offline" in document.documentElement.dataset || !navigator.onLine;

export const person = () => document.body.dataset.person || "";

/** Takes the token of a page loaded now, after this person signed in again in another tab. False when nobody did, or
 * somebody else: with their token, what this page sends would be stored under their name. */
export async function renewToken() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  const { body } = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = body.getAttribute("hx-headers");
  if (!fresh || (body.dataset.person || "") !== person()) return false;
  document.body.setAttribute("hx-headers", fresh);
  for (const input of all("input[name=csrfmiddlewaretoken]")) input.value = csrfToken();
  return true;
}

export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

/** Runs `work(element)` for each match now and in everything htmx brings in later. */
export function eachNowAndLater(selector, work) {
  // htmx announces the first page as well: what has been worked on is not worked on again.
  const done = new WeakSet();
  const once = (element) => {
    if (done.has(element)) return;
    done.add(element);
    work(element);
  };
  const run = (root) => {
    if (root.matches?.(selector)) once(root);
    all(selector, root).forEach(once);
  };
  run(document.documentElement);
  document.addEventListener("htmx:load", (event) => run(event.detail.elt));
}

export function stored(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(key);
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Blocked or full storage: the page works on without a memory.
  }
  return null;
}
