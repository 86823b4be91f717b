"""What the API reads and shows of questionnaires and answers. Not answered is null: never zero, never a default."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.api import StrictSerializer
from infusions.api.course_serializers import OnTheClinicsClock
from infusions.measures import SHIPPED, Asked, Choice, Measure
from infusions.models import (
    AnswerOption,
    FollowUpPath,
    Questionnaire,
    QuestionnaireAnswer,
    QuestionnaireItem,
    QuestionnaireResponse,
)
from infusions.models.questionnaires import Due
from infusions.scoring import read
from scheduling.api.serializers import Instant

# Questionnaires


class AnswerOptionSerializer(OnTheClinicsClock):
    """One answer that may be chosen."""

    class Meta:
        model = AnswerOption
        fields = ("id", "position", "label", "value")
        read_only_fields = fields


class QuestionnaireItemSerializer(OnTheClinicsClock):
    """One thing that is asked."""

    options = AnswerOptionSerializer(many=True, read_only=True)

    class Meta:
        model = QuestionnaireItem
        fields = ("id", "position", "wording", "options")
        read_only_fields = fields


class QuestionnaireSerializer(OnTheClinicsClock):
    """One edition of a questionnaire. Its words never change; `active` says whether it is asked now."""

    items = QuestionnaireItemSerializer(many=True, read_only=True)

    class Meta:
        model = Questionnaire
        fields = (
            "id", "version", "canonical", "edition", "kind", "title", "instruction", "copyright", "plain_sum",
            "published_at", "active", "items",
        )  # fmt: skip
        read_only_fields = fields


class AnswerOptionInput(StrictSerializer):
    """One answer that may be chosen, and the whole number that stands for it."""

    label = serializers.CharField(max_length=200)  # type: ignore[assignment]  # hides a constructor's attribute
    value = serializers.IntegerField()


class QuestionnaireItemInput(StrictSerializer):
    """One thing to ask, with its answers in order."""

    wording = serializers.CharField(max_length=500)
    options = AnswerOptionInput(many=True)


class QuestionnaireInput(StrictSerializer):
    """A questionnaire of the clinic's own. `plain_sum`: its published scoring is the sum of all items."""

    title = serializers.CharField(max_length=120)
    instruction = serializers.CharField(max_length=500, required=False, allow_blank=True)
    copyright = serializers.CharField(max_length=300, required=False, allow_blank=True)
    plain_sum = serializers.BooleanField()
    items = QuestionnaireItemInput(many=True)

    @staticmethod
    def measure(data: dict[str, Any]) -> Measure:
        """What was sent, as the door takes it."""
        items = tuple(
            Asked(item["wording"], tuple(Choice(one["label"], one["value"]) for one in item["options"]))
            for item in data["items"]
        )
        return Measure(
            title=data["title"],
            items=items,
            instruction=data.get("instruction", ""),
            copyright=data.get("copyright", ""),
            plain_sum=data["plain_sum"],
        )


class QuestionnaireSwitchOnInput(StrictSerializer):
    """Which measure that comes with the desk."""

    kind = serializers.ChoiceField([kind.value for kind in SHIPPED])


class QuestionnaireInUseInput(StrictSerializer):
    """Whether it is asked from now on."""

    active = serializers.BooleanField()


class FollowUpPathSerializer(OnTheClinicsClock):
    """Who reads a positive item 9 of PHQ-9, and by when."""

    class Meta:
        model = FollowUpPath
        fields = ("id", "version", "role", "due", "words")
        read_only_fields = fields


class FollowUpPathInput(StrictSerializer):
    """The path; with the version that was read, if there was one."""

    role = serializers.ChoiceField(["prescriber", "nurse"])
    due = serializers.ChoiceField([due.value for due in Due])
    words = serializers.CharField(max_length=200)
    version = serializers.IntegerField(required=False, min_value=1)


# Answers


class QuestionnaireAnswerSerializer(OnTheClinicsClock):
    """What was chosen for one item; all null when nothing was."""

    label = serializers.CharField(  # type: ignore[assignment]  # hides a constructor's attribute
        source="option.label", default=None, allow_null=True, read_only=True
    )
    value = serializers.IntegerField(source="option.value", default=None, allow_null=True, read_only=True)

    class Meta:
        model = QuestionnaireAnswer
        fields = ("item", "option", "label", "value")
        read_only_fields = fields


class QuestionnaireResponseSerializer(OnTheClinicsClock):
    """One set of answers, as it was given or as it was corrected. `number` is computed as this is read: the plain sum
    where that is the published scoring and every item is answered, or the one answer where one thing is asked."""

    entered_by_name = serializers.CharField(
        source="entered_by.full_name", default=None, allow_null=True, read_only=True
    )
    answers = QuestionnaireAnswerSerializer(many=True, read_only=True)
    answered = serializers.SerializerMethodField()
    asked = serializers.SerializerMethodField()
    number = serializers.SerializerMethodField()

    class Meta:
        model = QuestionnaireResponse
        fields = (
            "id", "identifier", "patient", "questionnaire", "visit", "appointment", "authored_at", "entered_at",
            "source", "entered_by", "entered_by_name", "client_id", "supersedes", "correction_reason",
            "entered_in_error", "answers", "answered", "asked", "number",
        )  # fmt: skip
        read_only_fields = fields

    def get_answered(self, response: QuestionnaireResponse) -> int:
        return read(response).answered

    def get_asked(self, response: QuestionnaireResponse) -> int:
        return read(response).asked

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_number(self, response: QuestionnaireResponse) -> int | None:
        return read(response).number


class QuestionnaireAnswerInput(StrictSerializer):
    """The option chosen for one item; null says that there is no answer."""

    item = serializers.UUIDField()
    option = serializers.UUIDField(allow_null=True)


class QuestionnaireResponseInput(StrictSerializer):
    """What the patient answered; an item left out is not answered. The same `client_id` again writes nothing."""

    patient = serializers.UUIDField()
    questionnaire = serializers.UUIDField()
    answers = QuestionnaireAnswerInput(many=True)
    visit = serializers.UUIDField(required=False, allow_null=True)
    authored_at = Instant(required=False, allow_null=True)
    client_id = serializers.UUIDField(required=False, allow_null=True)


class QuestionnaireCorrectionInput(StrictSerializer):
    """What was answered instead: only the items that were different, and why."""

    answers = QuestionnaireAnswerInput(many=True)
    correction_reason = serializers.CharField(max_length=200)
    authored_at = Instant(required=False, allow_null=True)
    client_id = serializers.UUIDField(required=False, allow_null=True)


class QuestionnaireStrikeInput(StrictSerializer):
    """Why these answers never were this patient's."""

    correction_reason = serializers.CharField(max_length=200)
    client_id = serializers.UUIDField(required=False, allow_null=True)
