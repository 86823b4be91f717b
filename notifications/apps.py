from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        """Every page says whether messages leave."""
        from config.staff.backend import READ_ALONG  # noqa: PLC0415  (needs the models, which are ready only now)

        READ_ALONG.append("clinic__sending")
