// The drawer at the right. Anything htmx puts into #drawer opens it; Esc, the shade and [data-drawer-close] close it.
// The page behind becomes inert, which keeps Tab inside; the bars at the foot stay reachable, because "Undo" is there.
import { one } from "./page.js";

let cameFrom = null;
let cameFromId = "";

const drawer = () => one("#drawer");
export const drawerIsOpen = () => Boolean(drawer()?.hasAttribute("data-open"));

function label() {
  const heading = one("h1, h2", drawer());
  if (!heading) return;
  heading.id ||= "drawer-heading";
  drawer().setAttribute("aria-labelledby", heading.id);
}

function firstStop() {
  return one("[autofocus], [data-error-summary]", drawer()) || one("h1, h2", drawer()) || drawer();
}

function focusOn(element) {
  if (!element.matches("a[href], button, input, select, textarea, [tabindex]")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

export function openDrawer() {
  const wasOpen = drawerIsOpen();
  if (!wasOpen) {
    cameFrom = document.activeElement;
    cameFromId = cameFrom?.id || "";
  }
  label();
  drawer().setAttribute("data-open", "");
  one(".drawer-shade").setAttribute("data-open", "");
  one("#shell").inert = true;
  if (!wasOpen) drawer().scrollTop = 0;
  if (!wasOpen || !drawer().contains(document.activeElement)) focusOn(firstStop());
}

export function closeDrawer() {
  if (!drawerIsOpen()) return false;
  drawer().removeAttribute("data-open");
  one(".drawer-shade").removeAttribute("data-open");
  drawer().replaceChildren();
  one("#shell").inert = false;
  // The row or booking may have been drawn anew meanwhile: then its successor with the same id gets the focus.
  const back = cameFrom?.isConnected ? cameFrom : document.getElementById(cameFromId);
  (back || one("#content"))?.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("desk:drawer-closed"));
  return true;
}

export function startDrawer() {
  if (!drawer()) return;
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target || event.target;
    if (!drawer().contains(target) && target !== drawer()) return;
    if (drawer().childElementCount) openDrawer();
    else closeDrawer();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-drawer-close], .drawer-shade")) {
      event.preventDefault();
      closeDrawer();
    }
  });
  // The server may say so too: HX-Trigger: drawer-close
  document.addEventListener("drawer-close", () => closeDrawer());
}
