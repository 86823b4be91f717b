"""What a person's particulars must be like, whoever sends them: a form, the API, an import."""

import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import models
from django.utils.regex_helper import _lazy_re_compile
from phonenumber_field.phonenumber import PhoneNumber

from config.refusals import Invalid
from patients.dates import OLDEST
from patients.models import Person

PHONES = ("mobile", "emergency_contact_phone", "referrer_phone")
NAMES = ("family_name", "given_name", "preferred_name")
FIELDS = tuple(field.name for field in Person._meta.get_fields())
LONGEST_EMAIL = 254
_SIGNS = "-!#$%&'*+/=?^_`{}|~0-9A-Z\u00a1-\U0010ffff"


class _AnyLetters(EmailValidator):
    """Django's rule for addresses, with letters of every script before the @ as RFC 6531 allows."""

    user_regex = _lazy_re_compile(rf"^[{_SIGNS}]+(\.[{_SIGNS}]+)*\Z", EmailValidator.user_regex.flags)


_check_email = _AnyLetters()


def tidy(text: Any) -> str:
    """One line: composed letters, single spaces, nothing invisible."""
    composed = unicodedata.normalize("NFC", str(text))
    kept = (" " if sign.isspace() else sign for sign in composed if sign.isspace() or sign.isprintable())
    return " ".join("".join(kept).split())


def read_email(text: str) -> str:
    """An email address, letters outside ASCII included; an empty text stays empty. Raises Invalid."""
    address = unicodedata.normalize("NFC", str(text).strip())
    if not address:
        return ""
    try:
        _check_email(address)
    except ValidationError:
        raise Invalid("This is not an email address.", field="email") from None
    if len(address) > LONGEST_EMAIL or not address.isprintable() or any(sign.isspace() for sign in address):
        raise Invalid("This is not an email address.", field="email")
    return address


def read_phone(text: Any, *, field: str = "mobile") -> PhoneNumber | str:
    """A telephone number of the clinic's country, or another's with its `+`; empty stays empty. Raises Invalid.

    Its length and form are checked, not whether an exchange hands out such numbers: that list is never complete.
    """
    if not str(text or "").strip():
        return ""
    typed = text.as_e164 if isinstance(text, PhoneNumber) else str(text)
    try:
        number = PhoneNumber.from_string(typed, region=settings.PHONENUMBER_DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        raise Invalid("This is not a telephone number.", field=field) from None
    if not phonenumbers.is_possible_number(number) or number.extension:
        raise Invalid("This telephone number has too few or too many digits.", field=field)
    return PhoneNumber.from_string(number.as_e164)


def cleaned(person: dict[str, Any], *, model: type[models.Model], today: date) -> dict[str, Any]:
    """The particulars as they are stored. Raises Invalid with all that is wrong, by field."""
    found: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, value in person.items():
        try:
            found[name] = _cleaned_one(name, value, model=model, today=today)
        except Invalid as refusal:
            errors[name] = [refusal.message]
        except ValidationError as refusal:
            errors[name] = [_said(error) for error in refusal.error_list]
    if errors:
        raise Invalid("Some values are not valid.", errors=errors)
    return found


def _said(error: ValidationError) -> str:
    """What a column's own check refuses, in the words of the desk."""
    params = error.params or {}
    found = {
        "blank": "This is needed.",
        "null": "This is needed.",
        "invalid_choice": "This is none of the choices.",
        "max_length": "Write at most {limit_value} characters; this has {show_value}.",
        "min_value": "Not less than {limit_value}.",
        "max_value": "Not more than {limit_value}.",
    }.get(str(error.code))
    return found.format(**params) if found else error.messages[0]


def named(person: dict[str, Any], *, needed: Iterable[str] = ("family_name", "given_name")) -> None:
    """Raise Invalid unless each of these names is there."""
    missing = {name: ["This is needed."] for name in needed if not person.get(name)}
    if missing:
        raise Invalid("A name is missing.", errors=missing)


def _cleaned_one(name: str, value: Any, *, model: type[models.Model], today: date) -> Any:
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(name)
    if name in PHONES:
        return read_phone(value, field=name)
    if reader := _READERS.get(name):
        value = reader(value, today)
    elif isinstance(field, models.CharField) and not field.choices:
        value = tidy(value)
    return field.clean(value, None)


def _email(value: Any, today: date) -> str:  # noqa: ARG001  (the readers share one shape)
    return read_email(value)


def _birth_date(value: Any, today: date) -> Any:
    if isinstance(value, date) and not (date(OLDEST, 1, 1) <= value <= today):
        raise Invalid(f"A birth date lies between {OLDEST} and today.", field="birth_date")
    return value


def _npi(value: Any, today: date) -> str:  # noqa: ARG001
    digits = tidy(value)
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) == 10):
        raise Invalid("An NPI has ten digits.", field="referrer_npi")
    return digits


_READERS: dict[str, Callable[[Any, date], Any]] = {
    "email": _email,
    "birth_date": _birth_date,
    "referrer_npi": _npi,
}


def particulars(record: Person) -> dict[str, Any]:
    """What a request, or a patient's record, says about the person: the fields that both have."""
    return {name: getattr(record, name) for name in FIELDS}
