"""What patients read when they are asked something by a link: before a visit, after one, or about a free place.

Neutral, in English and Spanish: never what a visit is for. A text message is one segment and bears the link.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from notifications.wording import Wording, fitting, foot_of, language_of, sender, when

# From the fullest to the shortest: the first one that fits into one segment is sent.
SMS: dict[str, dict[str, tuple[str, ...]]] = {
    "pre-visit-questions": {
        "en": (
            "{clinic}: please answer before {short_day}, {time}: {link} Call {phone}. Reply STOP to end texts.",
            "{clinic}: answer before {short_day} {time}: {link} Call {phone}. Reply STOP to end.",
            "{clinic}: {short_day} {time}. {link} {phone}. STOP to end.",
        ),
        "es": (
            "{clinic}: responda antes del {short_day}, {time}: {link} Llame al {phone}. STOP para no recibir.",
            "{clinic}: antes del {short_day} {time}: {link} {phone}. STOP para no recibir.",
            "{clinic}: {short_day} {time}. {link} {phone}. STOP: no recibir.",
        ),
    },
    "questionnaire": {
        "en": (
            "{clinic}: how have you been? Please tell us here: {link} Call {phone}. Reply STOP to end texts.",
            "{clinic}: how have you been? {link} Call {phone}. Reply STOP to end.",
            "{clinic}: {link} {phone}. STOP to end.",
        ),
        "es": (
            "{clinic}: ¿qué tal se encuentra? Responda: {link} Llame al {phone}. Responda STOP para no recibir.",
            "{clinic}: ¿qué tal? {link} {phone}. STOP para no recibir.",
            "{clinic}: {link} {phone}. STOP: no recibir.",
        ),
    },
    "waitlist-offer": {
        "en": (
            "{clinic}: a time is free, {short_day} {time}. Answer: {link} Call {phone}. Reply STOP to end texts.",
            "{clinic}: free: {short_day} {time}. {link} Call {phone}. Reply STOP to end.",
            "{clinic}: {short_day} {time}? {link} {phone}. STOP to end.",
        ),
        "es": (
            "{clinic}: hay una hora libre, {short_day} {time}. Responda: {link} {phone}. STOP para no recibir.",
            "{clinic}: hora libre: {short_day} {time}. {link} {phone}. STOP para no recibir.",
            "{clinic}: ¿{short_day} {time}? {link} {phone}. STOP: no recibir.",
        ),
    },
}
SUBJECTS = {
    "pre-visit-questions": {"en": "Questions before {day}", "es": "Preguntas antes del {day}"},
    "questionnaire": {"en": "How have you been?", "es": "¿Cómo ha estado?"},
    "waitlist-offer": {"en": "A free time: {day}", "es": "Una hora libre: {day}"},
}
# Under each stands how to end them.
EMAIL = {
    "pre-visit-questions": {
        "en": (
            "Hello,\n\nPlease answer a few questions before your visit at {clinic}:\n\n{day} at {time}\n\n"
            "Open this page:\n\n{link}\n\nIf you would rather talk to us, please call {phone}.\n\n{clinic}"
        ),
        "es": (
            "Hola:\n\nPor favor, responda unas preguntas antes de su visita en {clinic}:\n\n{day}, a las {time}\n\n"
            "Abra esta página:\n\n{link}\n\nSi prefiere hablar con nosotros, llámenos al {phone}.\n\n{clinic}"
        ),
    },
    "questionnaire": {
        "en": (
            "Hello,\n\nHow have you been since your visit at {clinic}? Please tell us on this page:\n\n{link}\n\n"
            "If you would rather talk to us, please call {phone}.\n\n{clinic}"
        ),
        "es": (
            "Hola:\n\n¿Cómo ha estado desde su visita en {clinic}? Díganos en esta página:\n\n{link}\n\n"
            "Si prefiere hablar con nosotros, llámenos al {phone}.\n\n{clinic}"
        ),
    },
    "waitlist-offer": {
        "en": (
            "Hello,\n\nA time has become free at {clinic}:\n\n{day} at {time}\n\n"
            "To tell us whether you would like it, open this page:\n\n{link}\n\n"
            "Nothing is changed until we have spoken to you. You may also call us at {phone}.\n\n{clinic}"
        ),
        "es": (
            "Hola:\n\nHa quedado libre un horario en {clinic}:\n\n{day}, a las {time}\n\n"
            "Para decirnos si le conviene, abra esta página:\n\n{link}\n\n"
            "Nada cambia hasta que hablemos con usted. También puede llamarnos al {phone}.\n\n{clinic}"
        ),
    },
}


def asked(
    *,
    purpose: str,
    channel: str,
    language: str,
    sender_name: str,
    phone: str,
    start: datetime,
    tz: ZoneInfo,
    link: str,
) -> Wording:
    """The message with the link to the page on which something is answered; `start` is by the clock of `tz`."""
    tongue = language_of(language)
    words = {**when(start, tz, tongue), "clinic": sender(sender_name, tongue), "phone": phone, "link": link}
    if channel == "sms":
        return Wording(words["clinic"], "", fitting(SMS[purpose][tongue], words), tongue)
    text = f"{EMAIL[purpose][tongue]}\n\n{foot_of(purpose, tongue)}\n".format(**words)
    return Wording(words["clinic"], SUBJECTS[purpose][tongue].format(**words), text, tongue)
