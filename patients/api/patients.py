"""`/api/v1/patients/`"""

from typing import Any, ClassVar

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from config.audit.strands import Strand
from config.http.api import DeskViewSet, StaffRequest, WithHistory, WithList, WithRetrieve
from config.refusals import Invalid
from config.staff.permissions import Permission, require
from patients import allergies, contact, histories, numbers, register
from patients.api import serializers as s
from patients.elsewhere import next_visits, standing
from patients.models import Patient
from patients.search import same_name, search

P = Permission
REVIEWS_SHOWN = 50


class PatientFilter(filters.FilterSet):  # type: ignore[misc]
    """By nothing that would tell who somebody is, as addresses are logged. To find a person, use `search/`."""

    merged = filters.BooleanFilter(field_name="merged_into", lookup_expr="isnull", exclude=True)
    # By the id alone: a list of choices would say which ids other clinics have.
    merged_into = filters.UUIDFilter(field_name="merged_into_id")

    class Meta:
        model = Patient
        fields = ("deceased", "allergy_state", "needs_interpreter")


class PatientViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """The clinic's patients."""

    queryset = Patient.objects.select_related("allergies_confirmed_by")
    serializer_class = s.PatientSerializer
    filterset_class = PatientFilter
    ordering = ("family_name", "given_name", "id")
    requires: ClassVar = {
        "list": P.SEE_PATIENTS,
        "retrieve": P.SEE_PATIENTS,
        "search": P.SEE_PATIENTS,
        "history": P.SEE_HISTORY,
        "create": P.REGISTER_PATIENTS,
        "partial_update": P.REGISTER_PATIENTS,
        # Reading is for all who see patients; writing asks for more, in the act itself.
        "allergies": P.SEE_PATIENTS,
        "remove_allergy": P.RECORD_ALLERGIES,
        "allergy_reviews": P.SEE_PATIENTS,
        "consents": P.SEE_PATIENTS,
        "number": P.SEE_PATIENTS,
        "death": P.REGISTER_PATIENTS,
        "take_back_death": P.REGISTER_PATIENTS,
        "release_visits": P.BOOK,
        "merge": P.REGISTER_PATIENTS,
    }

    def strands(self, record: Patient) -> list[Strand]:
        return histories.of_patient(record, self.request.user)  # type: ignore[arg-type]

    @extend_schema(request=s.PatientInput, responses={201: s.PatientSerializer})
    def create(self, request: StaffRequest) -> Response:
        """Refused with 409 `possible-duplicates` while somebody alike is not named in `not_duplicates`."""
        data = {"not_duplicates": [], **self.valid(s.PatientInput)}
        made = register.register(clinic=request.user.clinic, by=request.user, now=timezone.now(), **data)
        return self.answer(made, status=201)

    @extend_schema(request=s.PatientChange, responses=s.PatientSerializer)
    def partial_update(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        found, data = self.get_object(), self.valid(s.PatientChange)
        data.pop("version", None)
        changed = register.amend(
            patient_id=found.pk, version=self.expected_version(), by=request.user, now=timezone.now(), **data
        )
        return self.answer(changed)

    @extend_schema(request=s.SearchInput, responses=s.FoundSerializer)
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def search(self, request: StaffRequest) -> Response:
        found: list[Any] = search(clinic=request.user.clinic, text=self.valid(s.SearchInput)["q"])
        coming = next_visits([patient.pk for patient in found], timezone.now())
        for patient in found:
            patient.next_visit = coming.get(patient.pk)
        return Response(s.FoundSerializer({"results": found, "warning": same_name(found)}).data)

    @extend_schema(request=s.DeathInput, responses=s.PatientSerializer)
    @action(detail=True, methods=["post"])
    def death(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        found, data = self.get_object(), self.valid(s.DeathInput)
        gone = register.record_death(
            patient_id=found.pk,
            on=data.get("on"),
            by=request.user,
            now=timezone.now(),
            version=self.expected_version(),
        )
        return self.answer(gone)

    @extend_schema(request=s.ReasonInput, responses=s.PatientSerializer)
    @action(detail=True, methods=["post"], url_path="death/take-back")
    def take_back_death(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        found, data = self.get_object(), self.valid(s.ReasonInput)
        version, reason = self.expected_version(), data["reason"]
        return self.answer(
            register.take_back_death(patient_id=found.pk, by=request.user, reason=reason, version=version)
        )

    @extend_schema(request=s.VersionOnly, responses=s.ReleasedSerializer)
    @action(detail=True, methods=["post"], url_path="death/release-visits")
    def release_visits(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """The visits to come of a patient who died are given up; what stands all the same is told."""
        found, now = self.get_object(), timezone.now()
        self.valid(s.VersionOnly)
        version = self.expected_version()
        count = register.release_visits(patient_id=found.pk, by=request.user, now=now, version=version)
        left = {"released": count, "standing": standing(found.pk, now)}
        return Response(s.ReleasedSerializer(left).data)

    @extend_schema(request=s.MergeInput, responses=s.PatientSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """The record leads to `into` from now on, which is answered. The version is that of the record that goes."""
        found, data = self.get_object(), self.valid(s.MergeInput)
        into = self.found(Patient.objects.all(), data["into"], field="into")
        stays = register.merge(
            patient_id=found.pk,
            into_id=into.pk,
            by=request.user,
            reason=data["reason"],
            now=timezone.now(),
            version=self.expected_version(),
        )
        return self.answer(stays)

    @extend_schema(methods=["get"], responses=s.AllergyListSerializer)
    @extend_schema(methods=["post"], request=s.AllergyInput, responses={201: s.AllergyListSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None, filter_backends=[])
    def allergies(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        self._may_post(P.RECORD_ALLERGIES)
        found = self.get_object()
        if request.method == "GET":
            return self._allergies(found)
        data = self.valid(s.AllergyInput) | {"version": self.expected_version()}
        if data.pop("none_known", False):
            version = data["version"]
            allergies.confirm_none(patient_id=found.pk, by=request.user, now=timezone.now(), version=version)
        else:
            allergies.add(patient_id=found.pk, by=request.user, now=timezone.now(), **data)
        return self._allergies(found, status=201)

    @extend_schema(request=s.AllergyRemoval, responses=s.AllergyListSerializer)
    @action(detail=True, methods=["post"], url_path="allergies/remove", pagination_class=None, filter_backends=[])
    def remove_allergy(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        found, data = self.get_object(), self.valid(s.AllergyRemoval)
        allergy = found.allergies.filter(pk=data["allergy"]).first()
        if allergy is None:
            raise Invalid("There is no such record.", field="allergy")
        allergies.remove(
            allergy_id=allergy.pk,
            reason=data["reason"],
            by=request.user,
            now=timezone.now(),
            version=self.expected_version(),
        )
        return self._allergies(found)

    @extend_schema(methods=["get"], responses=s.AllergyReviewSerializer(many=True))
    @extend_schema(methods=["post"], request=None, responses={201: s.AllergyListSerializer})
    @action(
        detail=True, methods=["get", "post"], url_path="allergies/reviews", pagination_class=None, filter_backends=[]
    )
    def allergy_reviews(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """When the list was gone through with the patient and found right; POST says that it was, just now."""
        self._may_post(P.RECORD_ALLERGIES)
        found = self.get_object()
        if request.method == "GET":
            return Response(s.AllergyReviewSerializer(allergies.reviews(found)[:REVIEWS_SHOWN], many=True).data)
        self.nothing_more()
        allergies.review(patient_id=found.pk, by=request.user, now=timezone.now())
        return self._allergies(found, status=201)

    @extend_schema(methods=["get"], responses=s.ConsentSerializer(many=True))
    @extend_schema(methods=["post"], request=s.ConsentInput, responses={201: s.ConsentSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None, filter_backends=[])
    def consents(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        self._may_post(P.RECORD_CONTACT_CONSENT)
        found = self.get_object()
        if request.method == "GET":
            said = s.ConsentSerializer(contact.statements(patient=found), many=True)
            return Response(said.data, headers=_tag(found))
        data = self.valid(s.ConsentInput) | {"version": self.expected_version()}
        made = contact.record_consent(patient=found, by=request.user, at=timezone.now(), **data)
        return Response(s.ConsentSerializer(made).data, status=201, headers=_tag(found))

    @extend_schema(methods=["get"], responses=s.NumberStatementSerializer(many=True))
    @extend_schema(methods=["post"], request=s.NumberStatementInput, responses={201: s.NumberStatementSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None, filter_backends=[])
    def number(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """What was said about the patient's mobile number, newest first; POST says something more."""
        self._may_post(P.RECORD_CONTACT_CONSENT)
        found = self.get_object()
        if request.method == "GET":
            number = contact.number_of(found, required=False)
            return Response(s.NumberStatementSerializer(numbers.said_of(number), many=True).data if number else [])
        data = self.valid(s.NumberStatementInput)
        made = numbers.say_of_number(number=contact.number_of(found), by=request.user, at=timezone.now(), **data)
        return Response(s.NumberStatementSerializer(made).data, status=201)

    def _may_post(self, permission: Permission) -> None:
        """Ask for more than reading needs, before anything is said about what there is."""
        if self.request.method == "POST":
            require(self.request.user, permission)

    def _allergies(self, patient: Patient, *, status: int = 200) -> Response:
        patient.refresh_from_db()
        shown = {
            "version": patient.version,
            "allergy_state": patient.allergy_state,
            "allergies_confirmed_by": patient.allergies_confirmed_by,
            "allergies_confirmed_at": patient.allergies_confirmed_at,
            "listed": allergies.listed(patient),
        }
        return Response(s.AllergyListSerializer(shown).data, status=status, headers=_tag(patient))


def _tag(patient: Patient) -> dict[str, str]:
    """What hangs from a record is read, and written, at the record's version."""
    return {"ETag": f'"{patient.version}"'}
