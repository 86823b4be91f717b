"""The words of lists that forms and columns choose from."""

from enum import StrEnum


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """An enum as form choices: the value, and the value in plain words."""
    return [(item.value, item.value.replace("-", " ").capitalize()) for item in kind]


class Sex(StrEnum):
    """FHIR administrative gender."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class AllergyState(StrEnum):
    """What is known about allergies. Nobody having asked is not the same as none."""

    NOT_ASKED = "not-asked"
    NONE_KNOWN = "none-known"
    LISTED = "listed"


class Channel(StrEnum):
    """The ways to reach a patient by message."""

    SMS = "sms"
    EMAIL = "email"


class ContactPurpose(StrEnum):
    """What a patient may be written to about. Each is asked for and ended by itself."""

    VISITS = "visits"
    OFFERS = "offers"
    SURVEYS = "surveys"


class Source(StrEnum):
    """How a request came in."""

    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    WEB_FORM = "web-form"
    REFERRAL = "referral"


class PainCondition(StrEnum):
    """Why they come, as the patient tells it; not a diagnosis."""

    CRPS_1 = "crps-type-1"
    CRPS_2 = "crps-type-2"
    NEUROPATHIC = "neuropathic-pain"
    FIBROMYALGIA = "fibromyalgia"
    POST_HERPETIC = "post-herpetic-neuralgia"
    PHANTOM_LIMB = "phantom-limb-pain"
    SPINAL_CORD = "spinal-cord-injury"
    MIGRAINE = "migraine"
    OTHER = "other"
