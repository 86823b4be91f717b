"""What the changes of rooms, hours and people share in the API: a trial run, and the visits that are touched."""

from collections.abc import Callable
from typing import Any, ClassVar

from rest_framework.response import Response

from config.http.api import DeskViewSet
from config.refusals import Invalid
from config.staff.models import User
from scheduling.api.settings_serializers import TouchedSerializer, TouchingAnswer
from scheduling.touched import Changed, preview

# 200 is the answer of a trial run.
WRITTEN_OR_TRIED = {201: TouchingAnswer, 200: TouchingAnswer}


class Touching(DeskViewSet):
    """A view whose changes may touch booked visits."""

    reads: ClassVar = DeskViewSet.reads | {"destroy": frozenset({"dry_run"})}

    def carried_out(
        self,
        door: Callable[[], Changed[Any]],
        *,
        dry_run: bool,
        show: Callable[[Any], Any] | None = None,
        status: int = 200,
    ) -> Response:
        """The record as it is (or, on a trial run, would be) with the visits touched; several stand under `records`.

        `show` makes plain values of what the door wrote, or None when there is nothing to show.
        """
        changed = preview(door) if dry_run else door()
        record = (show or self.plain)(changed.record) if changed.record is not None else None
        body = {"records": record} if isinstance(record, list) else dict(record or {})
        body |= {"dry_run": dry_run, "touched": self._touched(changed)}
        return Response(body, status=200 if dry_run else status, headers=self._tag(record))

    def _tag(self, record: Any) -> dict[str, str]:
        has_version = isinstance(record, dict) and "version" in record
        return {"ETag": f'"{record["version"]}"'} if has_version else {}

    def plain(self, record: Any) -> Any:
        """A record, or several, as this view shows them."""
        many = isinstance(record, list)
        return self.get_serializer_class()(record, many=many, context=self.get_serializer_context()).data

    def _touched(self, changed: Changed[Any]) -> Any:
        return TouchedSerializer(changed.touched, many=True, context=self.get_serializer_context()).data

    def is_trial(self) -> bool:
        """`?dry_run=true`, of a removal. Raises Invalid for anything but true and false."""
        said = self.request.query_params.get("dry_run", "false").lower()
        if said not in {"true", "false"}:
            raise Invalid("Say true or false.", field="dry_run")
        return said == "true"

    def staff_of(self, data: dict[str, Any]) -> User:
        """The person named in the body, taken out of it. Raises Invalid (staff)."""
        user: User = self.found(User.objects.all(), data.pop("staff"), field="staff")
        return user
