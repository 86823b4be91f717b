// A place that a form holds ([data-form-hold]: where to give it back) is given back when the form is left without sending.
import { csrfToken, one } from "./page.js";

let url = "";

function letGo() {
  if (!url) return;
  const sent = fetch(url, { method: "POST", keepalive: true, headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" } });
  url = "";
  // The board behind the drawer shows the place as free again; what does not arrive runs out by itself.
  sent.then(() => document.dispatchEvent(new CustomEvent("desk:refresh", { cancelable: true }))).catch(() => {});
}

export function startFormHold() {
  const look = () => {
    url = one("[data-form-hold]")?.dataset.formHold || "";
  };
  look();
  document.addEventListener("htmx:afterSettle", look);
  document.addEventListener("desk:drawer-closed", letGo);
  // Whoever sends the form keeps it: the server knows what becomes of it.
  document.addEventListener("submit", () => {
    url = "";
  });
  addEventListener("pagehide", letGo);
}
