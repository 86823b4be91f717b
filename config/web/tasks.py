"""The worker's heartbeat, which `/readyz` looks for."""

from celery import shared_task
from django.core.cache import cache

HEARTBEAT = "worker-heartbeat"
FRESH_SECONDS = 45


@shared_task(name="config.web.tasks.beat_heart", expires=FRESH_SECONDS)
def beat_heart() -> None:
    """Sent by beat every ten seconds: only a living beat and a living worker together leave this mark."""
    cache.set(HEARTBEAT, "beating", timeout=FRESH_SECONDS)
