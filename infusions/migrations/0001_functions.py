"""The functions that the clinical locks call."""

from django.db import migrations

CREATE = """
CREATE FUNCTION desk_require_clinician(author uuid, roles text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM desk_actor();
    IF author IS NULL OR author IS DISTINCT FROM desk_acting_user()
       OR NOT EXISTS (SELECT 1 FROM staff_user WHERE id = author AND is_active AND role = ANY(roles))
    THEN
        RAISE EXCEPTION 'only a clinician writes this, under their own name' USING ERRCODE = 'DK004';
    END IF;
END $$;

CREATE FUNCTION desk_require_unsigned_visit(visit uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- The visit's row is locked, so that a signature and a new entry cannot pass each other.
    PERFORM 1 FROM infusions_visit WHERE id = visit FOR SHARE;
    IF EXISTS (SELECT 1 FROM infusions_visitnote WHERE visit_id = visit AND signed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'this visit is signed' USING ERRCODE = 'DK005';
    END IF;
END $$;
"""

DROP = """
DROP FUNCTION desk_require_unsigned_visit(uuid);
DROP FUNCTION desk_require_clinician(uuid, text[]);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("audit", "0001_functions")]
    operations = [migrations.RunSQL(CREATE, DROP)]
