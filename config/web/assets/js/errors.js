// The error summary takes the focus, on load and after a 422, so that the keyboard and the screen reader start there.
import { all, eachNowAndLater, one } from "./page.js";

function toField(event) {
  const link = event.target.closest("[data-error-summary] a[href^='#']");
  if (!link) return;
  const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  const input = field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea");
  (input || field).focus({ preventScroll: true });
}

export function startErrors() {
  eachNowAndLater("[data-error-summary]", (summary) => setTimeout(() => summary.focus(), 0));
  document.addEventListener("click", toField);
  // The server checks and says everything at once, in the summary; the browser's bubbles would stop at the first field.
  eachNowAndLater("form[method=post]", (form) => {
    form.noValidate = true;
  });
  // One press is one request: a form that is on its way takes no second press.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("hx-post") || form.hasAttribute("data-download") || form.method !== "post") return;
    setTimeout(() => {
      if (event.defaultPrevented) return;
      for (const button of all("button[type=submit], button:not([type])", form)) button.disabled = true;
    }, 0);
  });
  // The answer to a form is not kept (no-store), so "back" to it would end on the browser's own error page. Left by a
  // link, it becomes an ordinary entry that is asked for anew; a reload still sends the form again.
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[href]") && one("main [data-error-summary]")) history.replaceState(history.state, "");
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const button of all("form button[disabled]")) button.disabled = false;
  });
}
