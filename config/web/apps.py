from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "config.web"
    label = "web"

    def ready(self) -> None:
        from config.web import asked_by_link, elsewhere  # noqa: PLC0415  (models exist only now)
        from notifications import elsewhere as asks  # noqa: PLC0415
        from patients.elsewhere import tell  # noqa: PLC0415

        asks.tell(days_asked=asked_by_link.days_asked, sheets=asked_by_link.sheets, receive=asked_by_link.receive)
        tell(
            next_visits=elsewhere.next_visits,
            holds=elsewhere.holds,
            standing=elsewhere.standing,
            release=elsewhere.release,
            histories=elsewhere.histories,
        )
