import { all, stored } from "./page.js";

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const chosen = () => stored("desk.theme") || root.dataset.accountTheme || "auto";

function apply() {
  const choice = chosen();
  const dark = choice === "dark" || (choice === "auto" && system.matches);
  root.dataset.bsTheme = dark ? "dark" : "light";
  for (const button of all("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
  }
}

export function startThemeSwitch() {
  apply();
  system.addEventListener("change", apply);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    stored("desk.theme", button.dataset.themeChoice);
    apply();
  });
}
