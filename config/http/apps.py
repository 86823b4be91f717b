from django.apps import AppConfig


class HttpConfig(AppConfig):
    name = "config.http"
    label = "http"

    def ready(self) -> None:
        from config.http import logs  # noqa: PLC0415  (settings are read only now)

        logs.configure()
