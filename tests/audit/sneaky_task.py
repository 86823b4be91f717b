"""A task that writes past the audit. Apart from the views, because a worker imports it before Django is set up."""

from celery import shared_task

from config.celery import app

__all__ = ["app"]


def sneak() -> None:
    from config.audit.acting import SystemJob, recorded
    from config.staff.models import Clinic

    with recorded(by=SystemJob.SET_UP):
        Clinic.objects.update(address="Elsewhere")


@shared_task(name="tests.audit.sneaky_task.task")
def task() -> None:
    sneak()
