"""The repeated work of infusions, thin. Nothing is lost when a round is: the next one does the same."""

from celery import shared_task
from django.utils import timezone

from infusions import waitlist

LONG_AGO = 900


@shared_task(name="infusions.tasks.sweep_offers", expires=LONG_AGO)
def sweep_offers() -> None:
    """Mark the offers that have run out. What was held for them is scheduling's to sweep."""
    waitlist.sweep(now=timezone.now())
