// The patient search of the top bar. htmx fetches (a POST: names stay out of addresses and logs); this file moves the
// choice through the answers and follows it. The rows come from components/search_results.html.
import { all, one, say } from "./page.js";

let answeredFor = "";
let waitingToOpen = false;

const box = () => one("#finder-input");
const results = () => one("#finder-results");
const hits = () => all("[role=option]", results());
const chosen = () => one("[aria-selected=true]", results());

export function closeResults() {
  if (!results()?.childElementCount) return false;
  results().replaceChildren();
  box().setAttribute("aria-expanded", "false");
  box().removeAttribute("aria-activedescendant");
  return true;
}

function choose(hit) {
  chosen()?.setAttribute("aria-selected", "false");
  if (!hit) return box().removeAttribute("aria-activedescendant");
  hit.setAttribute("aria-selected", "true");
  box().setAttribute("aria-activedescendant", hit.id);
  return hit.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const list = hits();
  if (!list.length) return;
  const at = list.indexOf(chosen());
  choose(list[(at + by + list.length) % list.length]);
}

function open(hit) {
  if (hit) location.assign(hit.href);
}

function onEnter(event) {
  event.preventDefault();
  if (answeredFor === box().value.trim()) {
    open(chosen() || hits()[0]);
    return;
  }
  // Faster than the server: open when the answer to exactly these words is here.
  waitingToOpen = true;
  window.htmx.trigger(box(), "search-now");
}

function onAnswer() {
  answeredFor = box().value.trim();
  const list = hits();
  box().setAttribute("aria-expanded", String(results().childElementCount > 0));
  say(one("[data-results-count]", results())?.textContent.trim() || "");
  if (waitingToOpen && list.length === 1) open(list[0]);
  // Several people: one more look and one more key, never a guess about who was meant.
  else if (waitingToOpen) choose(list[0]);
  waitingToOpen = false;
}

export function startSearch() {
  if (!box()) return;
  box().addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") onEnter(event);
  });
  box().addEventListener("input", () => {
    waitingToOpen = false;
    if (!box().value.trim()) closeResults();
  });
  results().addEventListener("htmx:afterSwap", onAnswer);
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".finder")) closeResults();
  });
  document.addEventListener("focusin", (event) => {
    if (!event.target.closest(".finder")) closeResults();
  });
}
