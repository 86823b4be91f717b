// "3 changes, show": a polled fragment only counts; the list itself moves when the person says so.
// Whoever can redraw in place listens to desk:refresh and calls preventDefault(); otherwise the page is loaded anew.
export function startChanges() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show-changes]");
    if (!button) return;
    event.preventDefault();
    const refresh = new CustomEvent("desk:refresh", { cancelable: true, bubbles: true });
    if (button.dispatchEvent(refresh)) location.reload();
  });
}
