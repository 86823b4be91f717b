"""Every address of the desk. Each app brings its own; this file only says where they hang."""

from allauth.account import views as account
from django.conf import settings
from django.urls import include, path

from config.web.health import healthz, readyz

# A manager opens and closes accounts, so nobody signs up and nothing is sent by email: of allauth's pages, only these.
ACCOUNT_PAGES = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include(ACCOUNT_PAGES)),
    path("api/", include("config.api.urls")),
    path("", include("config.web.urls")),
    path("", include("patients.web.urls")),
    path("", include("scheduling.web.urls")),
    path("", include("infusions.web.urls")),
    path("", include("notifications.web.urls")),
]
handler400 = "config.api.refusals.bad_request"
handler404 = "config.api.refusals.not_found"
handler500 = "config.api.refusals.fault"
if "config.demo" in settings.INSTALLED_APPS:
    urlpatterns.append(path("styleguide/", include("config.web.styleguide.urls")))
