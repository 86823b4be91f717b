// <details class="menu">: opens by itself; this closes it on Esc, on a press elsewhere and when focus leaves.
import { all } from "./page.js";

const open = () => all("details.menu[open]");

export function closeMenus(except = null) {
  for (const menu of open()) if (menu !== except) menu.open = false;
}

/** True when Esc had a menu to close. */
export function closeTopMenu() {
  const menu = open().at(-1);
  if (!menu) return false;
  menu.open = false;
  menu.querySelector("summary").focus();
  return true;
}

export function startMenus() {
  const elsewhere = (event) => closeMenus(event.target.closest?.("details.menu"));
  document.addEventListener("click", elsewhere);
  document.addEventListener("focusin", elsewhere);
}
