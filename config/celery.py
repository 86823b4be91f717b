"""The Celery app and the whole timetable of repeated work, on one screen."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready
from kombu.entity import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("desk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue("default"), Queue("email"), Queue("sms")]
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "worker-heartbeat": {"task": "config.web.tasks.beat_heart", "schedule": 10.0},
    "forget-kept-answers": {"task": "config.http.tasks.forget_answers", "schedule": 3600.0},
    "sweep-holds": {"task": "scheduling.tasks.sweep_holds", "schedule": 60.0},
    "sweep-offers": {"task": "infusions.tasks.sweep_offers", "schedule": 60.0},
    "plan-messages": {"task": "notifications.tasks.plan", "schedule": 60.0},
    "send-due-messages": {"task": "notifications.tasks.send_due", "schedule": 15.0},
    "recover-stuck-messages": {"task": "notifications.tasks.recover", "schedule": 60.0},
    "find-out-about-messages": {"task": "notifications.tasks.find_out", "schedule": 300.0},
}


@worker_ready.connect
def first_heartbeat(**_: Any) -> None:
    """A new worker is seen at once, without waiting for beat's next round."""
    app.send_task("config.web.tasks.beat_heart")
