// How many places the navigation has is the role's, and how long their words are the language's: when they do not fit,
// the search gives way first; then the icons stay and the words go. Without this script a narrow screen does the same by
// its width alone.
import { one } from "./page.js";

const STEPS = ["", "search", "words"];

export function startTopbar() {
  const bar = one(".topbar");
  const nav = bar && one(".mainnav", bar);
  if (!nav) return;
  function fit() {
    for (const step of STEPS) {
      bar.setAttribute("data-tight", step);
      if (nav.scrollWidth <= nav.clientWidth) return;
    }
  }
  new ResizeObserver(fit).observe(bar);
  document.fonts?.ready.then(fit);
  fit();
}
