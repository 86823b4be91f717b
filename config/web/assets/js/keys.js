// Keys: "/" or Ctrl+K search, g and a letter to go somewhere, "?" for this list, Esc closes the top layer.
import { closeDrawer, drawerIsOpen } from "./drawer.js";
import { closeTopMenu } from "./menus.js";
import { all, isTyping, one, stored } from "./page.js";
import { closeResults } from "./search.js";

// Only places that are in the navigation of this person's role can be gone to.
const PLACES = {
  t: "/",
  b: "/board/",
  i: "/intake/",
  p: "/patients/",
  m: "/messages/",
  c: "/tasks/",
  w: "/waitlist/",
  r: "/reports/",
};

let wentG = 0;
const lettersOn = () => stored("desk.keys") !== "off";
const link = (letter) => PLACES[letter] && one(`.mainnav a[href="${PLACES[letter]}"]`);

function help() {
  const dialog = one("#keys-help");
  const list = one("[data-keys-places]", dialog);
  one("[data-keys-board]", dialog).hidden = !one("[data-board]");
  list.replaceChildren(
    ...Object.keys(PLACES)
      .filter(link)
      .flatMap((letter) => {
        const term = document.createElement("dt");
        term.innerHTML = `<kbd>g</kbd> <kbd>${letter}</kbd>`;
        const words = document.createElement("dd");
        words.textContent = one(".nav-word", link(letter)).textContent;
        return [term, words];
      }),
  );
  dialog.showModal();
}

function focusSearch(event) {
  const input = one("#finder-input");
  if (!input || drawerIsOpen()) return;
  event.preventDefault();
  input.focus();
  input.select();
}

function onEscape(event) {
  // A native dialog closes itself.
  if (one("dialog[open]")) return;
  if (closeResults() || closeTopMenu() || closeDrawer()) event.preventDefault();
}

function onLetter(event) {
  const afterG = Date.now() - wentG < 1500;
  wentG = 0;
  if (afterG && link(event.key)) link(event.key).click();
  else if (event.key === "/") focusSearch(event);
  else if (event.key === "?" && one("#keys-help")) help();
  else if (event.key === "g") wentG = Date.now();
}

function showLettersChoice() {
  for (const box of all("[data-keys-toggle]")) box.checked = lettersOn();
}

export function startKeys() {
  showLettersChoice();
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-keys-toggle]")) stored("desk.keys", event.target.checked ? null : "off");
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-help]")) help();
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Escape") onEscape(event);
    else if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) focusSearch(event);
    else if (!event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target) && lettersOn()) onLetter(event);
  });
}
