"""Workers and beats as real processes on the tests' database, and how they are ended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlunsplit

import pytest
from django.db import connections

from config.celery import app
from tests.notifications.faults.mail_server import MailServer
from tests.notifications.faults.sms_provider import SmsProvider

PATIENCE = 60
SETTINGS = "tests.notifications.faults.worker_settings"
CELERY = (sys.executable, "-m", "celery", "-A")
ALL_QUEUES = "default,sms,email"


def database_url() -> str:
    """The database of this thread's connection, with its password."""
    of = connections.settings["default"]
    place = f"{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT']}"
    return urlunsplit(("postgres", place, f"/{of['NAME']}", "", ""))


@dataclass
class Desk:
    """What processes of one test share: the providers, the broker, the folder of their logs."""

    folder: Path
    mail: MailServer
    sms: SmsProvider
    broker: str = field(default_factory=lambda: os.environ["REDIS_URL"])
    processes: list["Running"] = field(default_factory=list)

    def end(self) -> None:
        """Nothing outlives the tests, also of what was started and never became ready."""
        for running in self.processes:
            running.kill()

    def environment(self, **more: str) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "DATABASE_URL": database_url(),
            "REDIS_URL": self.broker,
            "DATA_DIR": str(self.folder),
            "FAULTS_MAIL_PORT": str(self.mail.port),
            "FAULTS_SMS_PORT": str(self.sms.port),
            "TWILIO_ACCOUNT_SID": "AC0",
            "TWILIO_AUTH_TOKEN": "token",
            "TWILIO_SENDER": "+12135550100",
            **more,
        }

    def worker(self, *, queues: str = ALL_QUEUES, processes: int = 1, **more: str) -> "Running":
        """`celery worker`. `with` waits until it is ready."""
        arguments = (
            "worker",
            "-Q",
            queues,
            "-c",
            str(processes),
            "-l",
            "INFO",
            "-n",
            f"faults{time.monotonic_ns()}@%h",
        )
        return Running((*CELERY, "config.celery", *arguments), self, more, ready=" ready.").start()

    def beat(self) -> "Running":
        """`celery beat` with quick rounds."""
        schedule = self.folder / f"beat-{time.monotonic_ns()}"
        arguments = ("beat", "--pidfile=", "-s", str(schedule), "-l", "INFO")
        return Running((*CELERY, "tests.notifications.faults.beat_app", *arguments), self, {}, ready="Starting").start()

    def task(self, name: str, *arguments: str, queue: str = "default", **named: object) -> None:
        """Ask for a task, as beat does."""
        with app.connection_for_write(url=self.broker) as line:
            app.send_task(f"notifications.tasks.{name}", args=arguments, kwargs=named, queue=queue, connection=line)

    def sweep(self) -> None:
        """What beat does every few seconds."""
        self.task("send_due")


@dataclass
class Running:
    """One process. `with` waits until it is ready and kills it at the end, with all that it started."""

    command: tuple[str, ...]
    desk: Desk
    more: dict[str, str]
    ready: str

    def start(self) -> Self:
        self.log = self.desk.folder / f"{self.command[4]}-{time.monotonic_ns()}.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.desk.environment(**self.more),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._from = 0
        self.desk.processes.append(self)
        return self

    def begin_again(self) -> None:
        """Count what its log says from here on."""
        self._from = len(self.log.read_text())

    def count(self, words: str) -> int:
        """How often its log says this."""
        return self.log.read_text()[self._from :].count(words)

    def told(self) -> str:
        """The end of its log."""
        return self.log.read_text()[-3000:]

    def kill(self) -> None:
        """SIGKILL for it and its children."""
        if self.process.returncode is not None:
            return  # its number may be somebody else's by now
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def __enter__(self) -> Self:
        until(lambda: self.ready in self.log.read_text(), self.told)
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def until(holds: Callable[[], bool], told: Callable[[], object] = str, seconds: float = PATIENCE) -> None:
    """Wait for it; fail with what `told` tells."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"It did not happen within {seconds} s.\n{told()}")
        time.sleep(0.05)
