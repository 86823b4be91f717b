"""Fills an empty database with the demo clinic; does nothing where it is there already."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.demo.seed import clinic
from config.refusals import Clash


class Command(BaseCommand):
    help = "Fill an empty database with the invented demo clinic."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--migrate", action="store_true", help="Make the tables first, once it is sure that no other data is there."
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        try:
            clinic.refuse_foreign_data()
            if options["migrate"]:
                call_command("migrate", interactive=False, stdout=self.stdout)
            if clinic.is_there():
                self.stdout.write("The demo clinic is there.")
                return
            clinic.fill(now=timezone.now(), say=lambda words: self.stdout.write(f"… {words}"))
        except Clash as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"The demo clinic has {clinic.count()} invented patients.")
