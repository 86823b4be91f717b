"""Only people who are active now and jobs that are known act; history says what was done, and all that was done."""

from django.db import migrations

# A new job is added by a new migration that replaces desk_jobs().
ACTING = """
CREATE FUNCTION desk_jobs() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['web-form', 'patient-link', 'reminders', 'import', 'set-up', 'sign-in', 'holds']
$$;

CREATE OR REPLACE FUNCTION desk_actor() RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    actor text := current_setting('desk.actor', true);
    a_person CONSTANT text := '^user:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
BEGIN
    IF actor IS NULL OR actor = '' THEN
        RAISE EXCEPTION 'no acting person' USING ERRCODE = 'DK001';
    ELSIF actor LIKE 'job:%' AND substr(actor, 5) = ANY (desk_jobs()) THEN
        RETURN actor;
    ELSIF actor ~ a_person THEN
        PERFORM FROM staff_user WHERE id = substr(actor, 6)::uuid AND is_active;
        IF FOUND THEN
            RETURN actor;
        END IF;
    END IF;
    RAISE EXCEPTION 'no acting person: % may not act', actor USING ERRCODE = 'DK001';
END $$;
"""

# What history keeps beside the record's own columns is taken off; the rest is compared whole, lists and all.
HISTORY = """
CREATE FUNCTION desk_told(history jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT history - ARRAY['history_id', 'history_date', 'history_change_reason', 'history_type', 'history_user_id',
                           'actor', 'txid']
$$;

CREATE OR REPLACE FUNCTION desk_check_history(changed text, history text, untraced text[], row_id uuid)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    now_stands jsonb;
    newest jsonb;
BEGIN
    IF COALESCE(current_setting('desk.actor', true), '') = '' THEN
        RAISE EXCEPTION 'no acting person' USING ERRCODE = 'DK001';
    END IF;
    EXECUTE format('SELECT to_jsonb(t) - $2 FROM %I t WHERE id = $1', changed)
        INTO now_stands USING row_id, untraced;
    EXECUTE format('SELECT to_jsonb(h) FROM %I h WHERE id = $1 AND txid = pg_current_xact_id()::text::bigint
                    ORDER BY history_id DESC LIMIT 1', history)
        INTO newest USING row_id;
    IF newest IS NULL
       OR (now_stands IS NULL AND newest ->> 'history_type' <> '-')
       OR (now_stands IS NOT NULL AND (newest ->> 'history_type' = '-' OR desk_told(newest) <> now_stands))
    THEN
        RAISE EXCEPTION 'a change of % has no matching history', changed USING ERRCODE = 'DK002';
    END IF;
END $$;

-- Whether a row that can be seen was written by this transaction or a savepoint of it: its writer has not ended yet.
-- Ids of savepoints follow the transaction's own; a row's xmin has lost its upper half, which is put back.
CREATE FUNCTION desk_written_now(written xid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    current bigint := pg_current_xact_id()::text::bigint;
    later bigint := (written::text::bigint - current) & 4294967295;
BEGIN
    RETURN later < 2147483648 AND pg_xact_status((current + later)::text::xid8) = 'in progress';
END $$;

-- A row of history must be true when it is written: about a record that this transaction has just written or removed.
CREATE FUNCTION desk_check_told(said jsonb, stands jsonb, written xid, earlier text, changed text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    kind text := said ->> 'history_type';
    known boolean := COALESCE(earlier, '-') <> '-';
BEGIN
    IF (kind = '-' AND stands IS NULL AND known)
       OR (kind IN ('+', '~') AND known = (kind = '~') AND desk_told(said) = stands AND desk_written_now(written))
    THEN
        RETURN;
    END IF;
    RAISE EXCEPTION 'history of % tells what did not happen', changed USING ERRCODE = 'DK002';
END $$;
"""

# Tests empty their tables between two of them, in a database whose own comment says that it may be thrown away.
EMPTYING = """
CREATE FUNCTION desk_refuse_emptying(emptied text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF COALESCE(shobj_description((SELECT oid FROM pg_database WHERE datname = current_database()), 'pg_database'), '')
       <> 'disposable'
    THEN
        RAISE EXCEPTION 'TRUNCATE of % is refused: what it holds is kept', emptied USING ERRCODE = 'DK003';
    END IF;
END $$;
"""

BACK = """
DROP FUNCTION desk_refuse_emptying(text);
DROP FUNCTION desk_check_told(jsonb, jsonb, xid, text, text);
DROP FUNCTION desk_written_now(xid);

CREATE OR REPLACE FUNCTION desk_check_history(changed text, history text, untraced text[], row_id uuid)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    now_stands jsonb;
    newest jsonb;
BEGIN
    PERFORM desk_actor();
    EXECUTE format('SELECT to_jsonb(t) - $2 FROM %I t WHERE id = $1', changed)
        INTO now_stands USING row_id, untraced;
    EXECUTE format('SELECT to_jsonb(h) FROM %I h WHERE id = $1 AND txid = pg_current_xact_id()::text::bigint
                    ORDER BY history_id DESC LIMIT 1', history)
        INTO newest USING row_id;
    IF newest IS NULL
       OR (now_stands IS NULL AND newest ->> 'history_type' <> '-')
       OR (now_stands IS NOT NULL AND (newest ->> 'history_type' = '-' OR NOT newest @> now_stands))
    THEN
        RAISE EXCEPTION 'a change of % has no matching history', changed USING ERRCODE = 'DK002';
    END IF;
END $$;

DROP FUNCTION desk_told(jsonb);

CREATE OR REPLACE FUNCTION desk_actor() RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE actor text := current_setting('desk.actor', true);
BEGIN
    IF actor IS NULL OR actor = '' THEN
        RAISE EXCEPTION 'no acting person' USING ERRCODE = 'DK001';
    END IF;
    RETURN actor;
END $$;

DROP FUNCTION desk_jobs();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_functions")]
    operations = [migrations.RunSQL(ACTING + HISTORY + EMPTYING, BACK)]
