"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

# Importing the Celery app makes it the current one, so that `task.delay()` in a web process finds its broker.
from config.celery import app as celery_app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()
__all__ = ["application", "celery_app"]
