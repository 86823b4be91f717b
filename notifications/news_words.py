"""What patients read when the desk booked, moved or cancelled their visits. Neutral, in English and Spanish."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from notifications.wording import FOOT, Wording, fitting, language_of, sender, when

# By purpose and language: for one visit, then for several of which the first is named. The fullest that fits is sent.
ONE, MANY = 0, 1
SMS: dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "confirmation": {
        "en": (
            (
                "{clinic}: your visit is booked for {day} at {time}. Changes? Call {phone}. Reply STOP to end texts.",
                "{clinic}: your visit is booked: {short_day} {time}. Call {phone}. Reply STOP to end texts.",
                "{clinic}: booked {short_day} {time}. Call {phone}. Reply STOP to end.",
            ),
            (
                (
                    "{clinic}: {count} visits are booked, the first {short_day} at {time}. Questions? {phone}."
                    " Reply STOP to end texts."
                ),
                "{clinic}: {count} visits, first {short_day} {time}. Call {phone}. Reply STOP to end.",
            ),
        ),
        "es": (
            (
                "{clinic}: su visita es el {day} a las {time}. ¿Cambios? {phone}. Responda STOP para no recibir.",
                "{clinic}: su visita: {short_day} {time}. ¿Cambios? {phone}. STOP para no recibir.",
            ),
            (
                (
                    "{clinic}: {count} visitas, la primera el {short_day} a las {time}. {phone}."
                    " Responda STOP para no recibir."
                ),
                "{clinic}: {count} visitas desde {short_day} {time}. {phone}. STOP para no recibir.",
            ),
        ),
    },
    "moved": {
        "en": (
            (
                "{clinic}: your visit is now on {day} at {time}. To change it call {phone}. Reply STOP to end texts.",
                "{clinic}: your visit is now {short_day} {time}. Call {phone}. Reply STOP to end texts.",
                "{clinic}: now {short_day} {time}. Call {phone}. Reply STOP to end.",
            ),
            (
                (
                    "{clinic}: {count} visits have new times, the first {short_day} at {time}. Questions? {phone}."
                    " Reply STOP to end texts."
                ),
                "{clinic}: {count} new times, first {short_day} {time}. Call {phone}. Reply STOP to end.",
            ),
        ),
        "es": (
            (
                "{clinic}: su visita ahora es el {day} a las {time}. ¿Cambios? {phone}. Responda STOP para no recibir.",
                "{clinic}: su visita ahora: {short_day} {time}. {phone}. STOP para no recibir.",
            ),
            (
                (
                    "{clinic}: {count} visitas tienen nueva fecha, la primera el {short_day} a las {time}. {phone}."
                    " Responda STOP para no recibir."
                ),
                "{clinic}: {count} nuevas fechas desde {short_day} {time}. {phone}. STOP para no recibir.",
            ),
        ),
    },
    "cancelled": {
        "en": (
            (
                "{clinic}: your visit on {day} at {time} is cancelled. Questions? {phone}. Reply STOP to end texts.",
                "{clinic}: your visit {short_day} {time} is cancelled. Call {phone}. Reply STOP to end texts.",
                "{clinic}: {short_day} {time} is cancelled. Call {phone}. Reply STOP to end.",
            ),
            (
                (
                    "{clinic}: {count} visits are cancelled, the first {short_day} at {time}. Questions? {phone}."
                    " Reply STOP to end texts."
                ),
                "{clinic}: {count} visits from {short_day} are cancelled. Call {phone}. Reply STOP to end.",
            ),
        ),
        "es": (
            (
                "{clinic}: su visita del {day} a las {time} queda cancelada. {phone}. Responda STOP para no recibir.",
                "{clinic}: cancelada su visita del {short_day} {time}. {phone}. STOP para no recibir.",
            ),
            (
                (
                    "{clinic}: {count} visitas quedan canceladas, la primera el {short_day} a las {time}. {phone}."
                    " Responda STOP para no recibir."
                ),
                "{clinic}: {count} visitas canceladas desde {short_day}. {phone}. STOP para no recibir.",
            ),
        ),
    },
}
SUBJECTS = {
    "confirmation": {
        "en": ("Your visit on {day}", "Your {count} visits"),
        "es": ("Su visita el {day}", "Sus {count} visitas"),
    },
    "moved": {
        "en": ("New time for your visit: {day}", "New times for {count} visits"),
        "es": ("Nueva fecha de su visita: {day}", "Nuevas fechas de {count} visitas"),
    },
    "cancelled": {
        "en": ("Your visit on {day} is cancelled", "{count} visits are cancelled"),
        "es": ("Su visita del {day} queda cancelada", "{count} visitas quedan canceladas"),
    },
}
OPENINGS = {
    "confirmation": {
        "en": ("Your visit at {clinic} is booked:", "Your visits at {clinic} are booked:"),
        "es": ("Su visita en {clinic} queda reservada:", "Sus visitas en {clinic} quedan reservadas:"),
    },
    "moved": {
        "en": ("Your visit at {clinic} is now:", "These visits at {clinic} have new times:"),
        "es": ("Su visita en {clinic} ahora es:", "Estas visitas en {clinic} tienen nueva fecha:"),
    },
    "cancelled": {
        "en": ("This visit at {clinic} is cancelled:", "These visits at {clinic} are cancelled:"),
        "es": ("Esta visita en {clinic} queda cancelada:", "Estas visitas en {clinic} quedan canceladas:"),
    },
}
EMAIL = {
    "en": (
        "Hello,\n\n{opening}\n\n{times}\n\n"
        "If you have a question or need another time, please call us at {phone}.\n\n{clinic}\n\n"
        f"{FOOT['en']}\n"
    ),
    "es": (
        "Hola:\n\n{opening}\n\n{times}\n\n"
        "Si tiene alguna pregunta o necesita otro horario, llámenos al {phone}.\n\n{clinic}\n\n"
        f"{FOOT['es']}\n"
    ),
}
LINES = {"en": "{day} at {time}", "es": "{day}, a las {time}"}


def news(
    *,
    purpose: str,
    channel: str,
    language: str,
    sender_name: str,
    phone: str,
    starts: Sequence[datetime],
    tz: ZoneInfo,
) -> Wording:
    """The message that tells of these visits, the earliest first, by the clock of `tz`, the clinic's."""
    tongue, how_many = language_of(language), MANY if len(starts) > 1 else ONE
    clinic = sender(sender_name, tongue)
    words = {**when(starts[0], tz, tongue), "clinic": clinic, "phone": phone, "count": str(len(starts))}
    if channel == "sms":
        return Wording(clinic, "", fitting(SMS[purpose][tongue][how_many], words), tongue)
    words["opening"] = OPENINGS[purpose][tongue][how_many].format(**words)
    words["times"] = "\n".join(LINES[tongue].format(**when(start, tz, tongue)) for start in starts)
    return Wording(clinic, SUBJECTS[purpose][tongue][how_many].format(**words), EMAIL[tongue].format(**words), tongue)
