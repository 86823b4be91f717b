"""The words that come with the software, as a clinic would write them: where its own begin. Pure."""

from notifications import asked_words, news_words, wording

DAY = {"en": "{weekday}, {date}", "es": "{weekday} {date}"}


def shipped(*, purpose: str, channel: str, language: str) -> tuple[str, str]:
    """Subject and text, with placeholders."""
    if purpose == "reminder":
        subject, text = _of_reminder(channel, language)
    elif purpose in asked_words.SMS:
        subject, text = _of_asked(purpose, channel, language)
    else:
        subject, text = _of_news(purpose, channel, language)
    text = text.replace("{short_day}", "{date}")
    return subject.replace("{day}", DAY[language]), text.replace("{day}", DAY[language]).strip()


def _of_reminder(channel: str, language: str) -> tuple[str, str]:
    if channel == "sms":
        return "", wording.SMS[language][0]
    link = " ".join(wording.EMAIL_LINK[language].split())
    return wording.EMAIL_SUBJECT[language], _above_the_foot(wording.EMAIL[language].replace("{by_link}", f"{link}\n\n"))


def _of_news(purpose: str, channel: str, language: str) -> tuple[str, str]:
    if channel == "sms":
        return "", news_words.SMS[purpose][language][news_words.ONE][0]
    opening = news_words.OPENINGS[purpose][language][news_words.ONE]
    text = news_words.EMAIL[language].replace("{opening}", opening).replace("{times}", news_words.LINES[language])
    return news_words.SUBJECTS[purpose][language][news_words.ONE], _above_the_foot(text)


def _of_asked(purpose: str, channel: str, language: str) -> tuple[str, str]:
    if channel == "sms":
        return "", asked_words.SMS[purpose][language][0]
    return asked_words.SUBJECTS[purpose][language], asked_words.EMAIL[purpose][language]


def _above_the_foot(text: str) -> str:
    """What stands under every email is no part of what a clinic writes."""
    return "\n\n".join(text.strip().split("\n\n")[:-1])
