from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "config.web"
    label = "web"

    def ready(self) -> None:
        from config.web import elsewhere  # noqa: PLC0415  (models exist only now)
        from patients.elsewhere import tell  # noqa: PLC0415

        tell(
            next_visits=elsewhere.next_visits,
            holds=elsewhere.holds,
            standing=elsewhere.standing,
            release=elsewhere.release,
            histories=elsewhere.histories,
        )
