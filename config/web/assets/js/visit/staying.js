// While the network is gone a link would put the browser's own error page in the place of the chart: the page stays.
import { showProblem } from "../bars.js";
import { isOffline } from "../page.js";
import { PATIENCE } from "../queue/entry.js";

function stay(event) {
  const link = event.target.closest("a[href]");
  if (!link || !isOffline() || event.defaultPrevented || link.target) return;
  if (link.hasAttribute("hx-get") || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  showProblem("There is no connection. That page cannot be fetched now, and this one would be gone; charting goes on here.");
}

export function startStaying() {
  document.addEventListener("click", stay);
  // At the chair an answer that takes longer is none: the network counts as gone.
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    detail.timeout = PATIENCE;
  });
}
