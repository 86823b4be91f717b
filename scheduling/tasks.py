"""The repeated work of scheduling, thin. Nothing is lost when a round is: the next one does the same."""

from celery import shared_task
from django.utils import timezone

from scheduling import holding

LONG_AGO = 900


@shared_task(name="scheduling.tasks.sweep_holds", expires=LONG_AGO)
def sweep_holds() -> None:
    """Give back what was held for long enough."""
    holding.sweep(now=timezone.now())
