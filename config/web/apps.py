from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "config.web"
    label = "web"

    def ready(self) -> None:
        from config.web import asked_by_link, elsewhere  # noqa: PLC0415  (models exist only now)
        from infusions import elsewhere as beside_messages  # noqa: PLC0415
        from notifications import elsewhere as beside_treatment  # noqa: PLC0415
        from patients import elsewhere as above  # noqa: PLC0415

        above.tell(
            next_visits=elsewhere.next_visits,
            holds=elsewhere.holds,
            standing=elsewhere.standing,
            release=elsewhere.release,
            histories=elsewhere.histories,
        )
        beside_treatment.tell(
            days_asked=asked_by_link.days_asked,
            sheets=asked_by_link.sheets,
            receive=asked_by_link.receive,
            offers=asked_by_link.offers,
            said_of_offer=asked_by_link.said_of_offer,
            say_of_offer=asked_by_link.say_of_offer,
        )
        beside_messages.tell(why_no_offer=asked_by_link.why_no_offer, may_be_offered=asked_by_link.may_be_offered)
