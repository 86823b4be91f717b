"""`/api/v1/registration/`: how the clinic is registered for sending, and whether this database may send."""

from typing import Any, ClassVar, cast

from django.db.models import Model
from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from config.http.api import DeskViewSet, VersionedSerializer, WithSharedHistory, or_404
from config.staff.models import User
from config.staff.permissions import Permission
from notifications import registration
from notifications.models import Registration

P = Permission


class RegistrationSerializer(serializers.ModelSerializer[Registration]):
    """As it was registered with the networks. `is_armed`: a manager armed the very database that answers."""

    is_armed = serializers.SerializerMethodField()

    class Meta:
        model = Registration
        fields = (
            "id",
            "version",
            "kind",
            "registered_on",
            "reference",
            "opt_in_text",
            "stop_text",
            "help_text",
            "recorded_at",
            "recorded_by",
            "is_armed",
            "armed_at",
            "armed_by",
        )
        read_only_fields = fields

    def get_is_armed(self, row: Registration) -> bool:
        return registration.is_armed(row)


class RegistrationInput(VersionedSerializer):
    """All of it; texts need the number and the three texts."""

    kind = serializers.ChoiceField(Registration._meta.get_field("kind").choices or ())
    registered_on = serializers.DateField()
    reference = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    opt_in_text = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    stop_text = serializers.CharField(max_length=480, required=False, allow_blank=True, default="")
    help_text = serializers.CharField(max_length=480, required=False, allow_blank=True, default="")  # type: ignore[assignment]


SHAPE = forced_singular_serializer(RegistrationSerializer)  # type: ignore[no-untyped-call]


class RegistrationViewSet(WithSharedHistory, DeskViewSet):
    """The registration of the clinic, one record. Without it, and unarmed, every channel is a dry run."""

    queryset = Registration.objects.all()
    serializer_class = RegistrationSerializer
    pagination_class = None
    filter_backends = ()
    requires: ClassVar = {
        "list": P.MANAGE_CLINIC,
        "create": P.MANAGE_CLINIC,
        "arm": P.MANAGE_CLINIC,
        "disarm": P.MANAGE_CLINIC,
        "history": P.MANAGE_CLINIC,
    }

    @property
    def _who(self) -> dict[str, Any]:
        person = cast("User", self.request.user)
        return {"clinic": person.clinic, "by": person}

    def rows_of(self, **named: Any) -> tuple[type[Model], str, Any]:  # noqa: ARG002
        return Registration, "clinic_id", self._who["clinic"].pk

    @extend_schema(responses=SHAPE)
    def list(self, request: Request) -> Response:  # noqa: ARG002
        """What is recorded; 404 while nothing is."""
        return self.answer(or_404(self.get_queryset().first(), "registration"))

    @extend_schema(request=RegistrationInput, responses={200: SHAPE})
    def create(self, request: Request) -> Response:  # noqa: ARG002
        """Write down how the clinic is registered. It arms nothing."""
        data, version = self.valid(RegistrationInput), self.expected_version()
        data.pop("version", None)
        return self.answer(registration.record(**self._who, **data, now=timezone.now(), version=version))

    @extend_schema(request=None, responses=SHAPE)
    @action(detail=False, methods=["post"])
    def arm(self, request: Request) -> Response:  # noqa: ARG002
        """Let messages leave from this very database. 409 while no registration is recorded."""
        self.nothing_more()
        return self.answer(registration.arm(**self._who, now=timezone.now()))

    @extend_schema(request=None, responses=SHAPE)
    @action(detail=False, methods=["post"])
    def disarm(self, request: Request) -> Response:  # noqa: ARG002
        """A dry run again."""
        self.nothing_more()
        return self.answer(registration.disarm(**self._who))
