"""What the database checks of a record beyond single rows: that it counts, that its allergy list and state agree."""

import pgtrigger

from config.audit.locks import Lock


def record_counts() -> Lock:
    """Nothing is written on a record that was merged into another: nobody would read it."""
    return Lock(
        name="merged_record_is_not_written_on",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF EXISTS (SELECT FROM patients_patient WHERE id = NEW.patient_id AND merged_into_id IS NOT NULL) THEN
                RAISE EXCEPTION 'the record was merged into another'
                    USING ERRCODE = '23514', CONSTRAINT = 'merged_record_is_not_written_on';
            END IF;
            RETURN NEW;
        """,
    )


def none_known_lists_nothing(patient: str) -> Lock:
    """At commit, no record says that no allergy is known while one is listed. `patient` is its id in SQL."""
    return Lock(
        name="none_known_lists_nothing",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        func=f"""
            IF EXISTS (
                SELECT FROM patients_patient p JOIN patients_allergy a ON a.patient_id = p.id
                WHERE p.id = {patient} AND p.allergy_state = 'none-known' AND a.removed_reason = ''
            ) THEN
                RAISE EXCEPTION 'none known beside a list'
                    USING ERRCODE = '23514', CONSTRAINT = 'none_known_lists_nothing';
            END IF;
            RETURN NULL;
        """,
    )
