"""An appointment whose visit is signed keeps its state: the record says how it ended."""

from django.db import migrations

# In the database, because scheduling lies below this app and cannot ask whether a record is signed; and because only
# here can a signature and an undo at the same moment not pass each other (the function locks the visit's row). Plain
# SQL, because a trigger declared on scheduling's model would put this app's tables into scheduling's migrations.
# It looks at every UPDATE instead of `UPDATE OF status`, which would forbid a later change of that column's type.
CREATE = """
CREATE FUNCTION desk_signed_visit_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE visit uuid;
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status THEN
        SELECT id INTO visit FROM infusions_visit WHERE appointment_id = NEW.id;
        IF visit IS NOT NULL THEN
            PERFORM desk_require_unsigned_visit(visit);
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER desk_signed_visit_stands BEFORE UPDATE ON scheduling_appointment
    FOR EACH ROW EXECUTE FUNCTION desk_signed_visit_stands();
"""

DROP = """
DROP TRIGGER desk_signed_visit_stands ON scheduling_appointment;
DROP FUNCTION desk_signed_visit_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("infusions", "0002_initial"), ("scheduling", "0002_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
