"""Fills an empty database with the demo clinic; does nothing where it is there already."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.demo.seed import clinic
from config.refusals import Clash


class Command(BaseCommand):
    help = "Fill an empty database with the invented demo clinic."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--only-look", action="store_true", help="Refuse a database that holds other data, and write nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        try:
            clinic.refuse_foreign_data()
            if options["only_look"]:
                return
            if clinic.is_there():
                self.stdout.write("The demo clinic is there.")
                return
            clinic.fill(now=timezone.now(), say=lambda words: self.stdout.write(f"… {words}"))
        except Clash as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"The demo clinic has {clinic.count()} invented patients.")
