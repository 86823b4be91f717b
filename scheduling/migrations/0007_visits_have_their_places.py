import config.audit.locks
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


CREATE = """
CREATE FUNCTION desk_check_places(visit uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    a scheduling_appointment;
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

    dependencies = [
        ('scheduling', '0006_state_since'),
    ]

    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION desk_check_places(uuid)"),
        pgtrigger.migrations.AddTrigger(
            model_name='allocation',
            trigger=pgtrigger.compiler.Trigger(name='has_its_places', sql=config.audit.locks.LockSql(constraint='CONSTRAINT', func='PERFORM desk_check_places(COALESCE(NEW.appointment_id, OLD.appointment_id)); RETURN NULL;', hash='a1d596bc09c524e8cec7d6e565ec4c53cb51ba89', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_has_its_places_df5ee', table='scheduling_allocation', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='has_its_places', sql=config.audit.locks.LockSql(constraint='CONSTRAINT', func='PERFORM desk_check_places(COALESCE(NEW.id, OLD.id)); RETURN NULL;', hash='d43f863ed5c33c330dc2fb7b03af32de1ea56d3e', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_has_its_places_ca5ab', table='scheduling_appointment', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
