"""Tests: real servers, quick password hashing, static files straight from their sources."""

from config.settings.base import *  # noqa: F403  (a settings file extends the one it builds on)
from config.settings.base import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "config.demo"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_CHANNEL = "notifications.channels.file.FileEmail"
WHITENOISE_AUTOREFRESH = True
ACCOUNT_RATE_LIMITS = False
# kombu restores unacknowledged tasks every few seconds here, so that a killed worker's task comes back within a test.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 6,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}
