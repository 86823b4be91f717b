"""Code that writes past the audit, as a careless colleague would: a page, an API view and a task."""

from celery import shared_task
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from config.audit.acting import SystemJob, recorded
from config.celery import app
from config.staff.models import Clinic

__all__ = ["app"]


def sneak() -> None:
    with recorded(by=SystemJob.SET_UP):
        Clinic.objects.update(address="Elsewhere")


def page(request: HttpRequest) -> HttpResponse:
    sneak()
    return HttpResponse("done")


@api_view(["POST"])
@permission_classes([AllowAny])
def api(request: Request) -> Response:
    sneak()
    return Response({"done": True})


@shared_task(name="tests.audit.sneaky.task")
def task() -> None:
    sneak()


urlpatterns = [
    path("sneaky/page/", page),
    path("api/sneaky/", api),
    path("", include("config.urls")),
]
