"""The servers under the tests: a pytest plugin, loaded before Django reads its settings.

PostgreSQL and Valkey of this run's own, unless DATABASE_URL and REDIS_URL name others; and the browser.
"""

import os
import signal
from contextlib import ExitStack
from types import FrameType

import pytest

from config.runtime import chromium
from config.runtime.interruption import Interruption
from config.runtime.refusal import Refusal
from config.runtime.trial import trial


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: list[str]) -> None:
    """Before pytest-django, which reads the settings in the same hook."""
    signal.signal(signal.SIGTERM, _end_in_order)
    stack = ExitStack()
    early_config.add_cleanup(stack.close)
    try:
        told = stack.enter_context(trial(os.environ.copy(), interruption=Interruption()))
    except Refusal as refusal:
        raise pytest.UsageError(str(refusal)) from refusal
    os.environ.update(told)
    # Playwright's synchronous interface runs an event loop in this thread; Django would take the tests for async code.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Registered after pytest-playwright, so that this browser is taken rather than its own."""
    config.pluginmanager.register(Browser(), "installed-browser")


class Browser:
    """Fixtures of the browser that is installed on this machine."""

    @pytest.fixture(scope="session")
    @classmethod
    def browser_type_launch_args(cls, browser_type_launch_args: dict[str, object]) -> dict[str, object]:
        executable = str(chromium.ensure())
        return {**browser_type_launch_args, "executable_path": executable, "args": list(chromium.ARGUMENTS)}


def _end_in_order(number: int, frame: FrameType | None) -> None:
    """SIGTERM ends the run as Ctrl-C does: fixtures and servers are put away."""
    raise KeyboardInterrupt
