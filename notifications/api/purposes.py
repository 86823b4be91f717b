"""`/api/v1/message-purposes/` and `/api/v1/reminder-times/`: what a clinic sends, and how long before a visit."""

from typing import Any, ClassVar, cast

from django.db.models import Model
from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.http.api import DeskViewSet, StrictSerializer, WithSharedHistory
from config.staff.models import User
from config.staff.permissions import Permission
from notifications.models import Purpose, PurposeSwitch, ReminderTime
from notifications.purposes import Switches, switch_purpose
from notifications.reminder_times import AT_MOST, hours_of, remind_at
from patients.models import choices
from scheduling.models import VisitType

P = Permission


class TypeSwitchSerializer(serializers.Serializer[Any]):
    """What is said of one type of visit; `said` is null where it goes as for all."""

    visit_type = serializers.UUIDField()
    said = serializers.BooleanField(allow_null=True)
    on = serializers.BooleanField(help_text="What counts.")


class PurposeSerializer(serializers.Serializer[Any]):
    """Whether messages of this purpose go out, for all visits and by type of visit."""

    purpose = serializers.ChoiceField(choices(Purpose))
    on = serializers.BooleanField()
    visit_types = TypeSwitchSerializer(many=True)


class PurposeInput(StrictSerializer):
    """One switch: of all visits, or with `visit_type` of that type, where null is as for all."""

    purpose = serializers.ChoiceField(choices(Purpose))
    visit_type = serializers.UUIDField(required=False, allow_null=True, default=None)
    on = serializers.BooleanField(allow_null=True)


class ReminderTimesSerializer(serializers.Serializer[Any]):
    """Whole hours before a visit by the clock on the clinic's wall, the longest first."""

    hours = serializers.ListField(child=serializers.IntegerField())


class ReminderTimesInput(StrictSerializer):
    """All of them."""

    hours = serializers.ListField(
        child=serializers.IntegerField(min_value=ReminderTime.LEAST, max_value=ReminderTime.MOST),
        min_length=1,
        max_length=AT_MOST,
    )


TIMES = forced_singular_serializer(ReminderTimesSerializer)  # type: ignore[no-untyped-call]


class _OfTheClinic(WithSharedHistory, DeskViewSet):
    pagination_class = None
    filter_backends = ()
    requires: ClassVar = {"list": P.MANAGE_CLINIC, "create": P.MANAGE_CLINIC, "history": P.MANAGE_CLINIC}

    @property
    def _who(self) -> dict[str, Any]:
        person = cast("User", self.request.user)
        return {"clinic": person.clinic, "by": person}

    def rows_of(self, **named: Any) -> tuple[type[Model], str, Any]:  # noqa: ARG002
        return self.queryset.model, "clinic_id", self._who["clinic"].pk  # type: ignore[union-attr, arg-type]


class PurposeViewSet(_OfTheClinic):
    """Which messages the clinic sends at all."""

    queryset = PurposeSwitch.objects.all()
    serializer_class = PurposeSerializer

    def _shown(self) -> list[dict[str, Any]]:
        clinic, switches = self._who["clinic"].pk, Switches.read()
        types = list(VisitType.objects.filter(clinic=clinic, in_use=True).values_list("pk", flat=True))
        return [
            {
                "purpose": purpose.value,
                "on": switches.is_on(clinic, None, purpose),
                "visit_types": [
                    {
                        "visit_type": kind,
                        "said": switches.said(clinic, kind, purpose),
                        "on": switches.is_on(clinic, kind, purpose),
                    }
                    for kind in types
                ],
            }
            for purpose in Purpose
        ]

    @extend_schema(responses=PurposeSerializer(many=True))
    def list(self, request: Request) -> Response:  # noqa: ARG002
        """Every purpose with what counts."""
        return Response(PurposeSerializer(self._shown(), many=True).data)

    @extend_schema(request=PurposeInput, responses={200: PurposeSerializer(many=True)})
    def create(self, request: Request) -> Response:  # noqa: ARG002
        """Throw one switch. It counts for what is planned from now on. Answers with all of them."""
        data = self.valid(PurposeInput)
        if data["visit_type"] is not None:
            data["visit_type"] = self.found(VisitType.objects.all(), data["visit_type"], field="visit_type")
        switch_purpose(**self._who, **data, now=timezone.now())
        return Response(PurposeSerializer(self._shown(), many=True).data)


class ReminderTimesViewSet(_OfTheClinic):
    """How long before a visit the clinic reminds of it."""

    queryset = ReminderTime.objects.all()
    serializer_class = ReminderTimesSerializer

    @extend_schema(responses=TIMES)
    def list(self, request: Request) -> Response:  # noqa: ARG002
        """The hours that count."""
        return Response({"hours": list(hours_of(self._who["clinic"]))})

    @extend_schema(request=ReminderTimesInput, responses={200: TIMES})
    def create(self, request: Request) -> Response:  # noqa: ARG002
        """Put these hours in place of the ones before. What is planned for other times is taken back."""
        return Response({"hours": list(remind_at(**self._who, hours=self.valid(ReminderTimesInput)["hours"]))})
