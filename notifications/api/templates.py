"""`/api/v1/message-templates/`: a clinic's own words, as editions."""

from typing import Any, ClassVar, cast

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from config.http.api import DeskViewSet, StrictSerializer, WithList, WithRetrieve
from config.staff.models import User
from config.staff.permissions import Permission
from notifications import message_templates
from notifications.message_templates import What
from notifications.models import MessageTemplate
from notifications.template_rules import LONGEST

P = Permission
FIELD = MessageTemplate._meta.get_field
AFTER = "The edition that was read, the highest there is of this message; 0 for none."


class MessageTemplateSerializer(serializers.ModelSerializer[MessageTemplate]):
    """One edition; the highest of its message counts. `shipped`: from then on the words of the software count."""

    class Meta:
        model = MessageTemplate
        fields = (
            "id",
            "purpose",
            "channel",
            "language",
            "edition",
            "shipped",
            "subject",
            "text",
            "may_be_long",
            "by",
            "at",
        )
        read_only_fields = fields


class Upon(StrictSerializer):
    """Upon which edition."""

    after = serializers.IntegerField(min_value=0, help_text=AFTER)


class Which(Upon):
    """Which message, and upon which edition."""

    purpose = serializers.ChoiceField(FIELD("purpose").choices or ())  # type: ignore[union-attr]
    channel = serializers.ChoiceField(FIELD("channel").choices or ())  # type: ignore[union-attr]
    language = serializers.ChoiceField(FIELD("language").choices or ())  # type: ignore[union-attr]


class Words(Which):
    """The words with placeholders; a text has no subject, an email is never in parts."""

    subject = serializers.CharField(max_length=LONGEST["subject"], required=False, allow_blank=True, default="")
    text = serializers.CharField(max_length=LONGEST["text"])
    may_be_long = serializers.BooleanField(default=False)


class MessageTemplateFilter(filters.FilterSet):  # type: ignore[misc]
    """By message."""

    class Meta:
        model = MessageTemplate
        fields = ("purpose", "channel", "language")


class MessageTemplateViewSet(WithList, WithRetrieve, DeskViewSet):
    """What the clinic's messages say. An edition stays as it is; a new one takes its place."""

    queryset = MessageTemplate.objects.all()
    serializer_class = MessageTemplateSerializer
    filterset_class = MessageTemplateFilter
    ordering = ("-at", "-id")
    requires: ClassVar = {
        "list": P.MANAGE_CLINIC,
        "retrieve": P.MANAGE_CLINIC,
        "create": P.MANAGE_CLINIC,
        "use": P.MANAGE_CLINIC,
        "shipped": P.MANAGE_CLINIC,
    }

    @property
    def _who(self) -> dict[str, Any]:
        person = cast("User", self.request.user)
        return {"clinic": person.clinic, "by": person, "now": timezone.now()}

    @extend_schema(request=Words, responses={201: MessageTemplateSerializer})
    def create(self, request: Request) -> Response:  # noqa: ARG002
        """Use these words from now on. 409 when somebody else wrote an edition in between."""
        data = self.valid(Words)
        return self.answer(message_templates.write(what=_what(data), **data, **self._who), status=201)

    @extend_schema(request=Upon, responses={201: MessageTemplateSerializer})
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def use(self, request: Request, pk: Any = None) -> Response:  # noqa: ARG002
        """Take this edition up again, as a new one."""
        found, after = self.get_object(), self.valid(Upon)["after"]
        return self.answer(message_templates.use_again(template_id=found.pk, after=after, **self._who), status=201)

    @extend_schema(request=Which, responses={201: MessageTemplateSerializer})
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def shipped(self, request: Request) -> Response:  # noqa: ARG002
        """Go back to the words that come with the software."""
        data = self.valid(Which)
        made = message_templates.use_shipped(what=_what(data), after=data["after"], **self._who)
        return self.answer(made, status=201)


def _what(data: dict[str, Any]) -> What:
    """Takes out of the values which message they are about."""
    return What(*(data.pop(name) for name in What._fields))
