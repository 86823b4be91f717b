"""`manage.py verify_signatures`: computes every signature's hash again. Exits 1 and names what no longer fits."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

# Each of these registers what it signs.
from infusions import candidacy, orders, records  # noqa: F401
from infusions.signing import SIGNED, broken, unregistered


class Command(BaseCommand):
    help = "Check that every signed record still says what was signed."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's signature)
        for model in unregistered():
            raise CommandError(f"Nobody verifies the signatures of {model._meta.label}.")
        found = list(broken())
        for record in found:
            self.stderr.write(f"{record._meta.label} {record.pk}: the content is not what was signed")
        if found:
            raise CommandError(f"{len(found)} broken signatures.", returncode=1)
        total = sum(model._default_manager.exclude(content_hash="").count() for model, _ in SIGNED)
        self.stdout.write(f"{total} signatures, all of them whole.")
