"""Takes the README's pictures of a running demo: `make pictures` (PORT=8000)."""

import json
import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from config.runtime import chromium
from config.runtime.environment import DEMO_PASSWORD

ADDRESS = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
FOLDER = Path(__file__).parent / "img"


def signed_in(browser: Browser, user: str, *, scheme: str, width: int = 1440, height: int = 900) -> Page:
    """A page of somebody's own, in light or dark."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{ADDRESS}/accounts/login/")
    page.fill("[name=login]", user)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    return page


def take(page: Page, path: str, name: str) -> None:
    """One picture, once the page has come to rest."""
    page.goto(f"{ADDRESS}{path}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)
    page.screenshot(path=FOLDER / f"{name}.png")


def places() -> dict[str, str]:
    """The demo's own addresses worth a picture, by the first word of their path."""
    told = subprocess.run(
        [sys.executable, "-m", "config.runtime", "manage", "demo_addresses"],
        check=True,
        capture_output=True,
        text=True,
    )
    return {place["path"].split("/")[1]: place["path"] for place in json.loads(told.stdout)["things"]}


def first_link(page: Page, start: str, selector: str) -> str:
    """Where the first such link of a page leads."""
    page.goto(f"{ADDRESS}{start}")
    return page.locator(selector).first.get_attribute("href") or start


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    place = places()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium.ensure()), args=list(chromium.ARGUMENTS))
        desk = signed_in(browser, "frontdesk", scheme="light")
        nurse = signed_in(browser, "nurse", scheme="light", width=1180, height=820)
        take(desk, "/board/", "board-light")
        take(signed_in(browser, "frontdesk", scheme="dark"), "/board/", "board-dark")
        take(desk, place["orders"], "series-light")
        take(nurse, place["visits"], "visit-light")
        take(nurse, first_link(nurse, place["visits"], ".patient-banner a[href^='/patients/']"), "patient-light")
        browser.close()


if __name__ == "__main__":
    main()
