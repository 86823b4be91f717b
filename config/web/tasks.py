"""The worker's heartbeat, which `/readyz` looks for."""

from celery import shared_task
from django.core.cache import cache

HEARTBEAT = "worker-heartbeat"
# How long a mark is good for: counted by Redis, so by one clock wherever beat, worker and pages run.
FRESH_SECONDS = 45
# Celery compares beat's clock with the worker's. This only bounds what piles up without a worker, so it is far more
# than the clocks of two hosts may differ.
LONG_AGO = 900


@shared_task(name="config.web.tasks.beat_heart", expires=LONG_AGO)
def beat_heart() -> None:
    """Sent by beat every ten seconds: only a living beat and a living worker together leave this mark."""
    cache.set(HEARTBEAT, "beating", timeout=FRESH_SECONDS)
