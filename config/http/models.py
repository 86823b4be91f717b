"""What the HTTP layer remembers. Not a record of the clinic: it is swept after a day and audited by nothing."""

from typing import ClassVar

from django.db import models

from config.staff.models import User


class IdempotentAnswer(models.Model):
    """The answer given to a key, so that a repeated request gets the same one."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    etag = models.CharField(max_length=40, default="")
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]
