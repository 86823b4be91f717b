"""What somebody of the staff has to do. Written by `patients.tasks`."""

from datetime import UTC, date
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Coalesce, TruncDate

from config.audit.models import Tracked
from config.staff.models import Clinic, User
from config.staff.permissions import Role
from patients.models.kinds import choices
from patients.models.people import Patient


class TaskKind(StrEnum):
    """Why something has to be done."""

    MORE_INFORMATION = "more-information"
    VISIT_TOUCHED = "visit-touched"
    NEEDS_REPAIR = "needs-repair"
    ORDER_CHANGED = "order-changed"
    CALL_BACK = "call-back"
    MESSAGE_UNKNOWN = "message-unknown"
    DEATH = "patient-died"
    ANSWERS_TO_READ = "answers-to-read"
    OTHER = "other"


class TaskQuery(models.QuerySet["Task"]):
    """The work list in the words of the desk."""

    def open(self) -> Self:
        return self.filter(done_at=None)

    def done(self) -> Self:
        return self.exclude(done_at=None)

    def of(self, person: User) -> Self:
        """Mine: I said that I do it."""
        return self.filter(clinic=person.clinic_id, owner=person)

    def concerning(self, person: User) -> Self:
        """For my role, or mine all the same. A manager looks after everybody's."""
        every = self.filter(clinic=person.clinic_id)
        if person.role == Role.MANAGER:
            return every
        return every.filter(models.Q(for_role=person.role) | models.Q(owner=person))


_Tasks = models.Manager.from_queryset(TaskQuery)


class TaskManager(_Tasks):
    """Each task knows the day by which the list sorts it: when it is due, else when it was raised."""

    def get_queryset(self) -> Any:
        return super().get_queryset().annotate(stands_on=Coalesce("due_on", TruncDate("raised_at", tzinfo=UTC)))


class Task(Tracked):
    """One thing to do for one role. It says nothing clinical: where it leads, the reader sees what they may."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, blank=True, related_name="tasks")
    kind = models.CharField(max_length=20, choices=choices(TaskKind))
    words = models.CharField("what to do", max_length=200)
    about = models.UUIDField(null=True, blank=True, help_text="The record that this is about.")
    about_kind = models.CharField(max_length=30, blank=True, help_text="The name of the page that shows that record.")
    for_role = models.CharField("for", max_length=12, choices=choices(Role), default=Role.FRONT_DESK)
    due_on = models.DateField("due", null=True, blank=True)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    done_note = models.CharField("what came of it", max_length=300, blank=True)
    # Closed because what it was about resolved itself; then a job may have closed it and nobody did it.
    withdrawn = models.BooleanField("resolved itself", default=False)

    objects = TaskManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["clinic", "for_role"], condition=models.Q(done_at__isnull=True), name="task_open_by_role"
            ),
            models.Index(fields=["clinic", "-done_at"], name="task_done_newest"),
            models.Index(fields=["about"], name="task_about"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clinic", "kind", "about"],
                condition=models.Q(done_at__isnull=True, about__isnull=False),
                name="task_open_once_about_a_thing",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=list(TaskKind)), name="task_kind_known"),
            models.CheckConstraint(condition=models.Q(for_role__in=list(Role)), name="task_role_known"),
            models.CheckConstraint(condition=~models.Q(words=""), name="task_says_what_to_do"),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, done_by__isnull=True, withdrawn=False, done_note="")
                | models.Q(done_at__isnull=False, done_by__isnull=False)
                | models.Q(done_at__isnull=False, withdrawn=True),
                name="task_done_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def is_open(self) -> bool:
        return self.done_at is None

    def is_late(self, today: date) -> bool:
        """Whether the day that it was due has passed."""
        return self.is_open and self.due_on is not None and self.due_on < today
