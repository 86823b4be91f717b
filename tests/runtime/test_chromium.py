"""The browser that the browser tests use is there and runs."""

import subprocess

from config.runtime import chromium


def test_the_browser_that_was_found_runs() -> None:
    found = chromium.ensure()
    answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=True)
    assert "Chrom" in answer.stdout
