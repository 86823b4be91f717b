"""What the schema builds on: equality in exclusion constraints, and the numbers of resources."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


# The rows are looked up by name when it runs: its tables come later.
PLACES = """
CREATE FUNCTION desk_check_places(visit uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    a record;
    found record;
BEGIN
    SELECT * INTO a FROM scheduling_appointment WHERE id = visit;
    SELECT count(*) AS taken,
           coalesce(bool_or(r.chair_id = a.chair_id AND lower(l.during) = a.start), false) AS chair,
           coalesce(bool_or(r.patient_id = a.patient_id AND l.during = tstzrange(a.start, a."end", '[)')), false)
               AS patient,
           coalesce(bool_or(r.staff_id = a.nurse_id), false) AS nurse,
           coalesce(bool_or(r.staff_id = a.clinician_id), false) AS clinician,
           coalesce(bool_or(r.chair_id = a.recovery_place_id), false) AS recovery,
           coalesce(bool_and(l.during <@ tstzrange(a.start, a."end" + interval '2 hours', '[)')
                             AND l.held_until IS NOT DISTINCT FROM a.held_until), true) AS inside
      INTO found
      FROM scheduling_allocation l JOIN scheduling_resource r ON r.number = l.resource_id
     WHERE l.appointment_id = visit AND l.active;
    IF a.status = ANY (ARRAY['held', 'booked', 'arrived', 'checked-in', 'in-progress', 'recovery', 'completed',
                             'stopped-early', 'not-treated']) THEN
        IF found.chair AND found.patient AND found.inside
           AND (a.nurse_id IS NULL OR found.nurse)
           AND (a.clinician_id IS NULL OR found.clinician)
           AND (a.recovery_place_id IS NULL OR found.recovery) THEN
            RETURN;
        END IF;
        RAISE EXCEPTION 'visit % is % and does not have its places', visit, a.status
            USING ERRCODE = '23514', CONSTRAINT = 'appointment_has_its_places';
    END IF;
    IF found.taken > 0 THEN
        RAISE EXCEPTION 'visit % is % and still takes places', visit, a.status
            USING ERRCODE = '23514', CONSTRAINT = 'appointment_has_its_places';
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        BtreeGistExtension(),
        migrations.RunSQL("CREATE SEQUENCE scheduling_resource_number", "DROP SEQUENCE scheduling_resource_number"),
        migrations.RunSQL(PLACES, "DROP FUNCTION desk_check_places(uuid)"),
    ]
