"""`manage.py import_patients FILE`: people from a CSV file or a FHIR R4 bundle. The same file again changes nothing."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from config.staff.models import Clinic
from patients.importing.reading import KINDS, read
from patients.importing.rows import Unreadable
from patients.importing.writing import Outcome, bring_in

# Rows from which somebody would wonder whether it still runs.
LONG = 50


class Command(BaseCommand):
    help = (
        "Bring in people from CSV or FHIR R4. Nothing that a clinician types is ever brought in: a file with dosing or "
        "protocol columns is refused whole. Brings in no consent to messages."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file, or - for standard input")
        parser.add_argument("--clinic", help="the clinic's name; needed when there are several")
        parser.add_argument("--format", choices=KINDS, help="what the file is; otherwise seen from its beginning")

    def handle(self, *_: Any, **options: Any) -> None:
        clinic, now = self._clinic(options["clinic"]), timezone.now()
        try:
            found = read(self._content(options["file"]), kind=options["format"], clinic=clinic, now=now)
        except Unreadable as problem:
            raise CommandError(str(problem)) from problem
        for aside in found.aside:
            self.stderr.write(f"note: {aside}")
        bar = tqdm(
            found.rows, unit="row", file=sys.stderr, disable=len(found.rows) < LONG, leave=False, mininterval=0.5
        )
        report = bring_in(clinic=clinic, rows=bar, now=now, say=self._say)
        self.stdout.write(report.summary())
        if report.counts[Outcome.REFUSED]:
            raise SystemExit(1)

    def _say(self, line: str) -> None:
        """A line above the bar."""
        with tqdm.external_write_mode(file=sys.stderr):
            self.stderr.write(line)

    def _clinic(self, name: str | None) -> Clinic:
        found = list(Clinic.objects.filter(name__iexact=name) if name else Clinic.objects.all()[:2])
        if len(found) == 1:
            return found[0]
        if name:
            raise CommandError(f"There is no clinic called {name!r}.")
        raise CommandError("Name the clinic with --clinic." if found else "There is no clinic yet.")

    def _content(self, name: str) -> bytes:
        if name == "-":
            return sys.stdin.buffer.read()
        try:
            return Path(name).read_bytes()
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from error
