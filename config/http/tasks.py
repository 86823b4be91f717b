"""What the HTTP layer has to do by itself."""

from celery import shared_task
from django.utils import timezone

from config.http import idempotency


@shared_task(name="config.http.tasks.forget_answers", expires=3600)
def forget_answers() -> int:
    """Forget kept answers that are past their day: they hold what the API said about people."""
    return idempotency.forget(now=timezone.now())
