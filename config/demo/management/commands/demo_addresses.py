"""What to try in the demo, as JSON: a list of label and path."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from config.demo.seed.clinic import addresses


class Command(BaseCommand):
    help = "Print what to try in the demo, as JSON."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        self.stdout.write(json.dumps(addresses()))
