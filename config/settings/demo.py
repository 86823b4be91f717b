"""The demo: invented people, nothing leaves the machine."""

from config.settings.base import *  # noqa: F403  (a settings file extends the one it builds on)
from config.settings.base import INSTALLED_APPS, OUTBOX_DIR

DEMO = True
INSTALLED_APPS = [*INSTALLED_APPS, "config.demo"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = OUTBOX_DIR / "mail"
EMAIL_CHANNEL = "notifications.channels.file.FileEmail"
SMS_CHANNEL = "notifications.channels.file.FileSms"
