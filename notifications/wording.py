"""What patients read: neutral reminders in English and Spanish. Never what the visit is for.

A text message is one segment of the GSM 7-bit alphabet.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.dateformat import format as formatted

from notifications.segments import SMS_LIMIT, gsm, segments

WORDING_VERSION = "built-in-2"
# A sender's name that holds one of these would tell what the clinic treats; the message then goes out without it.
TELLING = re.compile(
    r"ketamin|infusi|anesthe|anaesthe|anestes|psychiat|psiquiat|psycholog|psicolog|mental|depress|depresi|addict|adicci"
    r"|rehab|neurop|fibromyalg|fibromialg|migrain|migran|crps|rsd|\bpain\b|\bdolor\b|oncolog|cancer|cáncer|therap|terapi"
    r"|treatment|tratamiento|\biv\b|sedat|sedaci|opioid|opioide|clinical trial|spravato|esketamin",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Wording:
    """What is handed to a channel. `subject` is empty for a text message."""

    sender_name: str
    subject: str
    text: str
    language: str
    version: str = WORDING_VERSION


# From the fullest to the shortest: the first one that fits into one segment is sent.
SMS = {
    "en": (
        "{clinic}: reminder of your visit on {day} at {time}. To change it call {phone}. Reply STOP to end texts.",
        "{clinic}: your visit is {short_day} at {time}. Changes? Call {phone}. Reply STOP to end texts.",
        "{clinic}: visit {short_day} {time}. Call {phone}. Reply STOP to end.",
    ),
    "es": (
        "{clinic}: recordatorio de su visita el {day} a las {time}. ¿Cambios? {phone}. Responda STOP para no recibir.",
        "{clinic}: su visita es el {short_day} a las {time}. ¿Cambios? {phone}. Responda STOP para no recibir.",
        "{clinic}: visita {short_day} {time}. Llame al {phone}. STOP para no recibir.",
    ),
}
# With the link to the patient's page; none of these fits where names or the address are long, then it goes without.
SMS_WITH_LINK = {
    "en": (
        "{clinic}: your visit is {short_day} at {time}. Answer here: {link} Call {phone}. Reply STOP to end texts.",
        "{clinic}: visit {short_day} {time}. {link} Call {phone}. Reply STOP to end.",
        "{clinic}: {short_day} {time}. {link} {phone}. STOP to end.",
    ),
    "es": (
        "{clinic}: su visita es el {short_day} a las {time}. Responda: {link} Llame al {phone}. STOP para no recibir.",
        "{clinic}: visita {short_day} {time}. {link} {phone}. STOP para no recibir.",
        "{clinic}: {short_day} {time}. {link} {phone}. STOP: no recibir.",
    ),
}
# Under every email, whatever stands above it.
FOOT = {
    "en": "You get this because you agreed to emails about your visits. To end them, tell us by phone: {phone}.",
    "es": (
        "Recibe este mensaje porque aceptó recibir correos sobre sus visitas."
        " Para dejar de recibirlos, llámenos al {phone}."
    ),
}
# The same for what is agreed to by itself.
FEET = {
    "waitlist-offer": {
        "en": (
            "You get this because you agreed to emails when an earlier place becomes free."
            " To end them, tell us by phone: {phone}."
        ),
        "es": (
            "Recibe este mensaje porque aceptó recibir correos cuando queda libre un horario anterior."
            " Para dejar de recibirlos, llámenos al {phone}."
        ),
    },
    "questionnaire": {
        "en": (
            "You get this because you agreed to emails with questions about how you are."
            " To end them, tell us by phone: {phone}."
        ),
        "es": (
            "Recibe este mensaje porque aceptó recibir correos con preguntas sobre cómo está."
            " Para dejar de recibirlos, llámenos al {phone}."
        ),
    },
}
EMAIL_SUBJECT = {"en": "Reminder of your visit on {day}", "es": "Recordatorio de su visita el {day}"}
EMAIL = {
    "en": (
        "Hello,\n\nThis is a reminder of your visit at {clinic}:\n\n{day} at {time}\n\n{by_link}"
        "If you have a question or need another time, please call us at {phone}.\n\n{clinic}\n\n"
        f"{FOOT['en']}\n"
    ),
    "es": (
        "Hola:\n\nEste es un recordatorio de su visita en {clinic}:\n\n{day}, a las {time}\n\n{by_link}"
        "Si tiene alguna pregunta o necesita otro horario, llámenos al {phone}.\n\n{clinic}\n\n"
        f"{FOOT['es']}\n"
    ),
}
EMAIL_LINK = {
    "en": "To tell us that you will come, ask for another time or end these messages, open this page:\n\n{link}\n\n",
    "es": "Para confirmar que vendrá, pedir otro horario o no recibir más mensajes, abra esta página:\n\n{link}\n\n",
}
# What goes back to an answer: once, and with nothing that could be taken for advertising.
ANSWERS: dict[str, dict[str, tuple[str, ...]]] = {
    "stop": {
        "en": (
            "{clinic}: no more texts will come from us. Your visits still stand. Questions? {phone}. START to resume.",
            "{clinic}: no more texts. Your visits still stand. Call {phone}. START to resume.",
        ),
        "es": (
            "{clinic}: no le enviaremos más mensajes. Sus visitas siguen. ¿Preguntas? {phone}. START para volver.",
            "{clinic}: no más mensajes. Sus visitas siguen. {phone}. START para volver.",
        ),
    },
    "start": {
        "en": ("{clinic}: you get texts from us again. Questions? Call {phone}. Reply STOP to end texts.",),
        "es": ("{clinic}: volverá a recibir mensajes. ¿Preguntas? {phone}. Responda STOP para no recibir.",),
    },
    "help": {
        "en": ("{clinic}: for help please call {phone}. Reply STOP to end texts.",),
        "es": ("{clinic}: si necesita ayuda, llame al {phone}. Responda STOP para no recibir.",),
    },
}
LANGUAGES = tuple(EMAIL)
NAMELESS = {"en": "Your clinic", "es": "Su clínica"}
DAY = {"en": "l, F j", "es": r"l j \d\e F"}
SHORT_DAY = {"en": "D, M j", "es": "D j M"}


def language_of(wished: str) -> str:
    """The language that is written for a wish such as `es-MX`; English when there is none."""
    short = wished.lower().replace("_", "-").split("-")[0]
    return short if short in EMAIL else "en"


def foot_of(purpose: str, tongue: str) -> str:
    """What stands under every email of this purpose."""
    return FEET.get(purpose, FOOT)[tongue]


def reminder(
    *, channel: str, language: str, sender_name: str, phone: str, start: datetime, tz: ZoneInfo, link: str = ""
) -> Wording:
    """A reminder of the visit that begins at the instant `start`, told by the clock of `tz`, the clinic's.

    `link` leads to the patient's page. A text message that has no room for it goes without.
    """
    tongue = language_of(language)
    words = {**when(start, tz, tongue), "clinic": sender(sender_name, tongue), "phone": phone, "link": link}
    if channel == "sms":
        templates = (*SMS_WITH_LINK[tongue], *SMS[tongue]) if link else SMS[tongue]
        return Wording(words["clinic"], "", fitting(templates, words), tongue)
    words["by_link"] = EMAIL_LINK[tongue].format(link=link) if link else ""
    return Wording(words["clinic"], EMAIL_SUBJECT[tongue].format(**words), EMAIL[tongue].format(**words), tongue)


def answer_to(meant: str, *, sender_name: str, phone: str, language: str) -> str:
    """What goes back to an answer that means `stop`, `start` or `help`: one segment."""
    tongue = language_of(language)
    return fitting(ANSWERS[meant][tongue], {"clinic": sender(sender_name, tongue), "phone": phone})


def sender(name: str, tongue: str) -> str:
    """The clinic's name as messages give it, or a nameless one where the name tells what is treated there."""
    return NAMELESS[tongue] if tells_too_much(name) else " ".join(name.split())


def when(start: datetime, tz: ZoneInfo, tongue: str) -> dict[str, str]:
    """The instant in words by the clock of `tz`: `day`, `short_day` and `time`."""
    local = start.astimezone(tz)
    with translation.override(tongue):
        return {
            "day": formatted(local, DAY[tongue]),
            "short_day": formatted(local, SHORT_DAY[tongue]),
            "time": formatted(local, "g:i A").replace("a.m.", "AM").replace("p.m.", "PM"),
        }


def tells_too_much(text: str) -> bool:
    """Whether a name or an address tells what the clinic treats."""
    return bool(TELLING.search(text))


def fitting(templates: tuple[str, ...], words: dict[str, str]) -> str:
    """The first that fits into one segment; the last with a shorter name when none does."""
    for template in templates:
        text = gsm(template.format(**words))
        if segments(text).segments == 1:
            return text
    over = segments(text).units - SMS_LIMIT
    return gsm(templates[-1].format(**{**words, "clinic": gsm(words["clinic"])[:-over].rstrip()}))
