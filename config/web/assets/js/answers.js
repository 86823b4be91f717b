// What to do with an answer that is not the fragment that was asked for. 2xx, 409 and 422 with HTML are swapped by
// htmx itself (see the htmx-config of base.html); everything else ends here, in words, with the page left as it was.
import { hideProblem, showProblem } from "./bars.js";
import { renewToken } from "./page.js";

const WORDS = {
  400: "That did not make sense to the server. Nothing was changed.",
  403: "Your role does not allow this. Nothing was changed.",
  404: "This is no longer there, or not yours to see.",
  413: "That is too large to send.",
  429: "Too many tries. Wait a minute and try again.",
};

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

/** The server's own words, from problem+json or from components/refusal.html; empty if it said none. */
export function wordsOf(text, type) {
  if (!type.includes("json")) return parsed(text).querySelector("[data-refusal]")?.textContent.trim() || "";
  try {
    const problem = JSON.parse(text);
    return problem.detail || problem.title || "";
  } catch {
    return "";
  }
}

const typeOf = (xhr) => xhr.getResponseHeader("Content-Type") || "";
const isWholePage = (xhr) => /^\s*<!doctype/i.test(xhr.responseText);
const isRefusal = (xhr) => xhr.responseText.includes("data-refusal");

function beforeSwap(event) {
  const { xhr } = event.detail;
  if (!typeOf(xhr).includes("json") && !isWholePage(xhr) && !isRefusal(xhr)) return;
  event.detail.shouldSwap = false;
  event.detail.isError = true;
}

const onReturn = () => renewToken().then((renewed) => renewed && hideProblem());

export function askToSignIn(
  words = "You were signed out. What you typed is still here: sign in, come back and send it again.",
) {
  const next = encodeURIComponent(location.pathname + location.search);
  showProblem(words, { href: `${document.body.dataset.signinUrl}?next=${next}`, text: "Sign in" });
  // Signing in gives a new token; without it the page that was kept could not send anything.
  addEventListener("focus", onReturn, { once: true });
}

/** The server's words for any answer that is no success. */
export function wordsFor({ status, text, type }) {
  return wordsOf(text, type) || WORDS[status] || `The server had a problem (${status}). Please try again.`;
}

function takeNewToken() {
  showProblem("This page was older than your sign-in. Nothing was changed; please try again.");
  renewToken().then((renewed) => renewed || showProblem("You are not signed in on this page any more. Load it anew."));
}

/** Says in the bar what went wrong; `status`, `text` and `type` of an answer from htmx or fetch. */
export function explain({ status, text, type }) {
  if (status === 401 || text.includes("data-signin ") || text.includes("data-signin>")) askToSignIn();
  else if (text.includes("data-csrf-refused")) takeNewToken();
  else showProblem(wordsFor({ status, text, type }));
}

/** A request that gave way to a newer one of the same field is no error: htmx is told not to write it down as one.
 * A lost connection still is: it says so a second time, as htmx:sendError. */
function forgiveReplaced() {
  window.htmx.logger = (element, name, detail) => {
    const gaveWay = name === "htmx:sendAbort" || (name === "htmx:afterRequest" && detail.xhr?.status === 0);
    if (gaveWay) delete detail.error;
  };
}

export function startServerAnswers() {
  if (window.htmx) forgiveReplaced();
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = event.detail;
    // The server would send the browser to the sign-in page; that would throw away what was typed here.
    if (xhr.status !== 401) return;
    event.preventDefault();
    askToSignIn();
  });
  document.addEventListener("htmx:beforeSwap", beforeSwap);
  document.addEventListener("htmx:responseError", ({ detail: { xhr } }) =>
    explain({ status: xhr.status, text: xhr.responseText, type: typeOf(xhr) }),
  );
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    // A poll that works says nothing about the act that failed.
    if (detail.successful && detail.requestConfig.verb !== "get") hideProblem();
  });
}
