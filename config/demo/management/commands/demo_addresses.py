"""What to try in the demo, as JSON: `things`, each a label and a path, and a `notice` to read first (or none)."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from config.demo.seed.clinic import addresses, notice


class Command(BaseCommand):
    help = "Print what to try in the demo, as JSON."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        self.stdout.write(json.dumps({"things": addresses(), "notice": notice(now=timezone.now())}))
