"""What the browser tests of the pages share: a page that counts what went wrong on it, and axe."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
CSP_LISTENER = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
# `region` and the like are moderate; what stops somebody from working is serious or critical.
GRAVE = {"serious", "critical"}


@dataclass
class Watched:
    """A page and what its console complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        return list(self.page.evaluate("window.violations"))

    def scrolls_sideways(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def watched(page: Page) -> Watched:
    """Listens from before the first byte."""
    found = Watched(page)
    page.set_default_timeout(10_000)
    page.add_init_script(CSP_LISTENER)
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("console", lambda line: line.type == "error" and found.complaints.append(line.text))
    return found


# A press begins to fade with the next frame, so two of them pass before each look.
SETTLED = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const moving = () => document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < Infinity
        && one.playState === "running");
    do {
        await Promise.allSettled(moving().map((one) => one.finished));
        await frame();
        await frame();
    } while (moving().length);
}"""


def grave(page: Page, part: str = "") -> list[str]:
    """Serious and critical axe findings on the page as it stands, or in the part that a selector names: each with the
    first element that it was found on. Waits for what still fades or slides, whose colours are on their way."""
    page.evaluate(SETTLED)
    where = json.dumps(part) if part else "document"
    found = page.evaluate(f"{AXE.read_text()}; axe.run({where}, {{resultTypes: ['violations']}})")["violations"]
    return [
        f"{rule['id']}: {rule['nodes'][0]['html'][:200]} {rule['nodes'][0].get('failureSummary', '')}"
        for rule in found
        if rule["impact"] in GRAVE
    ]


def barriers(browser: Browser, url: str, *, theme: str, width: int, ready: str) -> list[str]:
    """What `grave` finds on the page at an address."""
    context = browser.new_context(
        bypass_csp=True, color_scheme=theme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(ready, state="attached")
    found = grave(page)
    context.close()
    return found
