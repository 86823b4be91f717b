"""Every address of the desk. Each app brings its own; this file only says where they hang."""

from django.conf import settings
from django.urls import include, path

from config.web.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("api/", include("config.api.urls")),
    path("", include("config.web.urls")),
    path("", include("patients.web.urls")),
    path("", include("scheduling.web.urls")),
    path("", include("infusions.web.urls")),
    path("", include("notifications.web.urls")),
]
if "config.demo" in settings.INSTALLED_APPS:
    urlpatterns.append(path("styleguide/", include("config.web.styleguide.urls")))
