"""What the database itself refuses of the controlled-substance log, whoever writes and however."""

import pgtrigger

from config.audit.locks import Lock
from config.staff.permissions import CLINICAL_ROLES


def _before_insert(name: str, func: str, declare: list[tuple[str, str]] | None = None) -> Lock:
    return Lock(name=name, when=pgtrigger.Before, operation=pgtrigger.Insert, func=func, declare=declare)


def fits_its_location() -> Lock:
    """Author, substance and visit are of the location's clinic. In one that is closed only mistakes are put right."""
    return _before_insert(
        "fits_its_location",
        declare=[("house", "uuid"), ("used", "boolean")],
        func="""
            SELECT clinic_id, in_use INTO house, used
                FROM infusions_storagelocation WHERE id = NEW.location_id FOR SHARE;
            IF house IS DISTINCT FROM (SELECT clinic_id FROM staff_user WHERE id = NEW.author_id)
               OR house IS DISTINCT FROM
                  COALESCE((SELECT clinic_id FROM infusions_substance WHERE id = NEW.substance_id), house)
               OR house IS DISTINCT FROM
                  COALESCE((SELECT clinic_id FROM infusions_visit WHERE id = NEW.visit_id), house)
            THEN
                RAISE EXCEPTION 'an entry, its substance, its visit and its author belong to one clinic'
                    USING ERRCODE = '23514', CONSTRAINT = 'substance_log_in_one_clinic';
            END IF;
            IF NEW.supersedes_id IS NULL AND NOT used THEN
                RAISE EXCEPTION 'this location is not in use any more'
                    USING ERRCODE = '23514', CONSTRAINT = 'substance_location_in_use';
            END IF;
            RETURN NEW;
        """,
    )


def substance_is_listed() -> Lock:
    """A new entry names a description that stands; a correction may keep the one that was named."""
    return _before_insert(
        "substance_is_listed",
        func="""
            IF NEW.substance_id IS NULL OR EXISTS (
                SELECT 1 FROM infusions_substancelogentry first
                WHERE first.id = NEW.supersedes_id AND first.substance_id = NEW.substance_id
            ) THEN
                RETURN NEW;
            END IF;
            PERFORM 1 FROM infusions_substance WHERE id = NEW.substance_id FOR SHARE;
            IF EXISTS (SELECT 1 FROM infusions_substance WHERE id = NEW.substance_id AND retired)
               OR EXISTS (SELECT 1 FROM infusions_substance later WHERE later.supersedes_id = NEW.substance_id)
            THEN
                RAISE EXCEPTION 'this substance is not on the list any more'
                    USING ERRCODE = '23514', CONSTRAINT = 'substance_on_the_list';
            END IF;
            RETURN NEW;
        """,
    )


def corrects_own_log() -> Lock:
    """A correction stands in the same location, and is of the same kind, as what it corrects."""
    return _before_insert(
        "corrects_own_log",
        func="""
            IF NEW.supersedes_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM infusions_substancelogentry first
                WHERE first.id = NEW.supersedes_id AND first.location_id = NEW.location_id AND first.kind = NEW.kind
                  AND NOT first.entered_in_error
            ) THEN
                RAISE EXCEPTION 'a correction is of the same location and kind as what it corrects'
                    USING ERRCODE = '23514', CONSTRAINT = 'substance_correction_in_own_log';
            END IF;
            RETURN NEW;
        """,
    )


def witness_is_a_clinician() -> Lock:
    """Who witnesses is an active clinician of the location's clinic, now."""
    roles = ", ".join(f"'{role}'" for role in sorted(CLINICAL_ROLES))
    return _before_insert(
        "witness_is_a_clinician",
        func=f"""
            IF NEW.witness_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM staff_user person
                JOIN infusions_storagelocation place ON place.clinic_id = person.clinic_id
                WHERE person.id = NEW.witness_id AND place.id = NEW.location_id
                  AND person.is_active AND person.role IN ({roles})
            ) THEN
                RAISE EXCEPTION 'a witness is an active clinician of this clinic'
                    USING ERRCODE = '23514', CONSTRAINT = 'substance_witness_is_a_clinician';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  (roles from the permission table, no input)
    )


def replaces_in_own_clinic() -> Lock:
    """A description supersedes one of the same clinic; entries that name the old one under way are waited for."""
    return _before_insert(
        "replaces_in_own_clinic",
        func="""
            IF NEW.clinic_id IS DISTINCT FROM (SELECT clinic_id FROM staff_user WHERE id = NEW.author_id) THEN
                RAISE EXCEPTION 'a substance and its author belong to one clinic'
                    USING ERRCODE = '23514', CONSTRAINT = 'substance_in_one_clinic';
            END IF;
            IF NEW.supersedes_id IS NULL THEN RETURN NEW; END IF;
            PERFORM 1 FROM infusions_substance
                WHERE id = NEW.supersedes_id AND clinic_id = NEW.clinic_id AND NOT retired FOR UPDATE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'a substance supersedes one of the same clinic'
                    USING ERRCODE = '23514', CONSTRAINT = 'substance_in_one_clinic';
            END IF;
            RETURN NEW;
        """,
    )
