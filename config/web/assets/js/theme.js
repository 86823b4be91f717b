// Runs before the first paint, blocking on purpose: a dark room must not flash white.
// This device's choice goes first, then the account's (data-account-theme), then the system's.
(function () {
  const root = document.documentElement;
  let choice = null;
  try {
    choice = localStorage.getItem("desk.theme");
  } catch {
    // Storage may be blocked; the account or the system then decides.
  }
  choice ||= root.dataset.accountTheme;
  const dark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.bsTheme = dark ? "dark" : "light";
})();
