// How many places the navigation has is the role's, and how long their words are the language's: when they do not fit,
// the icons stay and the words go. Without this script a narrow screen does the same by its width alone.
import { one } from "./page.js";

export function startTopbar() {
  const bar = one(".topbar");
  const nav = bar && one(".mainnav", bar);
  if (!nav) return;
  function fit() {
    bar.removeAttribute("data-tight");
    bar.toggleAttribute("data-tight", nav.scrollWidth > nav.clientWidth);
  }
  new ResizeObserver(fit).observe(bar);
  document.fonts?.ready.then(fit);
  fit();
}
