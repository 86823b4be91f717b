from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "config.api"
    label = "api"

    def ready(self) -> None:
        from config.api import schema  # noqa: F401, PLC0415  (registers itself)
