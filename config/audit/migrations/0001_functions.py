"""The functions that the audit's triggers call. SQLSTATEs of class DK are ours; `config.audit.guards` reads them."""

from django.db import migrations

CREATE = """
CREATE FUNCTION desk_actor() RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE actor text := current_setting('desk.actor', true);
BEGIN
    IF actor IS NULL OR actor = '' THEN
        RAISE EXCEPTION 'no acting person' USING ERRCODE = 'DK001';
    END IF;
    RETURN actor;
END $$;

CREATE FUNCTION desk_acting_user() RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN current_setting('desk.actor', true) LIKE 'user:%'
                THEN substr(current_setting('desk.actor', true), 6)::uuid END
$$;

CREATE FUNCTION desk_refuse_change(changed text, how text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: its rows are written once', how, changed USING ERRCODE = 'DK003';
END $$;

CREATE FUNCTION desk_check_history(changed text, history text, untraced text[], row_id uuid)
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
"""

DROP = """
DROP FUNCTION desk_check_history(text, text, text[], uuid);
DROP FUNCTION desk_refuse_change(text, text);
DROP FUNCTION desk_acting_user();
DROP FUNCTION desk_actor();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(CREATE, DROP)]
