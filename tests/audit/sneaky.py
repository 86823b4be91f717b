"""Code that writes past the audit, as a careless colleague would: a page and an API view."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from tests.audit.sneaky_task import sneak


def page(request: HttpRequest) -> HttpResponse:
    sneak()
    return HttpResponse("done")


@api_view(["POST"])
@permission_classes([AllowAny])
def api(request: Request) -> Response:
    sneak()
    return Response({"done": True})


urlpatterns = [
    path("sneaky/page/", page),
    path("api/sneaky/", api),
    path("", include("config.urls")),
]
