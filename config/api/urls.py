"""Every API route, registered by the app that owns it."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

import infusions.api.routes
import notifications.api.routes
import patients.api.routes
import scheduling.api.routes

router = SimpleRouter()
for app in (patients.api.routes, scheduling.api.routes, infusions.api.routes, notifications.api.routes):
    for prefix, view, name in app.ROUTES:
        router.register(prefix, view, basename=name)

urlpatterns = [
    path("v1/", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    # Its script comes from an address of its own: the policy of every page allows none within the page.
    path("docs/", SpectacularSwaggerSplitView.as_view(template_name="api/docs.html"), name="api-docs"),
]
