"""The links that lead patients to the page of their visit. Written by `links` and `link_answers`."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from config.audit.models import Tracked
from config.staff.models import User
from notifications.link_locks import link_stays
from notifications.models.ledger import Message
from patients.models import choices

SHA256 = r"^[0-9a-f]{64}$"


class LinkAnswer(StrEnum):
    """What a patient said about the visit on the page behind a link."""

    COMES = "comes"
    OTHER_TIME = "other-time"


class VisitLink(Tracked):
    """A patient's way to the visit that a message is about: the link in it. Written by `links` and `link_answers`.

    The link itself is kept nowhere: `token_hash` is the SHA-256 of its secret part, in hex. It is of one handing over,
    so a message that was tried again has several. `ended_at` is set by five wrong birth dates or by the staff; that the
    visit is cancelled, moved or begun is read from the visit.
    """

    TRIES: ClassVar = 5

    message = models.ForeignKey(Message, models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField("works until")
    wrong_tries = models.PositiveSmallIntegerField("wrong birth dates", default=0)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_why = models.CharField("why it ended", max_length=200, blank=True)
    answer = models.CharField(max_length=12, choices=choices(LinkAnswer), blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        triggers: ClassVar = [link_stays()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token_hash"], name="visit_link_token_once"),
            models.CheckConstraint(condition=Q(token_hash__regex=SHA256), name="visit_link_keeps_no_token"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="visit_link_works_for_a_while"),
            models.CheckConstraint(
                condition=Q(wrong_tries__lt=5) | Q(wrong_tries=5, ended_at__isnull=False),
                name="visit_link_ends_after_five_tries",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | Q(ended_at__isnull=False, ended_why__regex=r"\S"),
                name="visit_link_ended_says_why",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | Q(answer__in=list(LinkAnswer), answered_at__isnull=False),
                name="visit_link_answer_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return "link to the patient's page"

    @property
    def tries_left(self) -> int:
        return max(self.TRIES - self.wrong_tries, 0)
