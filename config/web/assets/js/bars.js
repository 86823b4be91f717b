// The bars at the foot: undo (20 s), something went wrong, connection lost.
import { clinicTime } from "./clock.js";
import { eachNowAndLater, one, say } from "./page.js";

/** Shows `words` until closed or until the next thing works. `link` is {href, text}. */
export function showProblem(words, link = null) {
  const bar = one("#problem");
  one("[data-problem-words]", bar).textContent = words;
  const anchor = one("[data-problem-link]", bar);
  anchor.hidden = !link;
  if (link) {
    anchor.href = link.href;
    anchor.textContent = link.text;
  }
  bar.hidden = false;
}

export function hideProblem() {
  const bar = one("#problem");
  if (bar) bar.hidden = true;
}

function countdown(bar) {
  let rest = Number(bar.dataset.undoSeconds);
  const shown = one("[data-undo-left]", bar);
  say(one("[data-undo-words]", bar).textContent.trim());
  const timer = setInterval(() => {
    if (!bar.isConnected) return clearInterval(timer);
    // Reading it or holding it stops the clock: nobody loses the way back by being slow.
    if (bar.matches(":hover, :focus-within") || document.hidden) return undefined;
    rest -= 1;
    shown.textContent = rest;
    if (rest > 0) return undefined;
    clearInterval(timer);
    return bar.remove();
  }, 1000);
}

function startConnection() {
  const bar = one("#offline");
  if (!bar) return;
  const since = one("[data-offline-since]", bar);
  let lastHeard = clinicTime();
  const lost = () => {
    if (bar.hidden) since.textContent = lastHeard;
    bar.hidden = false;
    document.documentElement.dataset.offline = "";
  };
  const back = () => {
    lastHeard = clinicTime();
    bar.hidden = true;
    delete document.documentElement.dataset.offline;
  };
  addEventListener("offline", lost);
  addEventListener("online", back);
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
  document.addEventListener("htmx:beforeOnLoad", back);
  document.addEventListener("desk:heard", back);
  document.addEventListener("desk:unheard", lost);
}

export function startBars() {
  eachNowAndLater("[data-undo-seconds]", countdown);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-bar-close]");
    if (!button) return;
    const bar = button.closest(".bar");
    if (bar.id === "problem") bar.hidden = true;
    else bar.remove();
  });
  startConnection();
}
