"""Each message gets the state that says which of the earlier state's facts is true. History keeps the earlier words."""

from django.db import migrations

# A change and its trace in one statement each; the deferred check compares them at commit.
RENAME = """
CREATE OR REPLACE FUNCTION pg_temp.desk_rename_states(forwards boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    columns text := (SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
                     FROM information_schema.columns
                     WHERE table_schema = current_schema() AND table_name = 'notifications_message');
    told text;
BEGIN
    IF forwards THEN
        told := $sql$
            CASE WHEN state = 'planned' AND attempts > 0 AND reason <> '' THEN 'failed-temporary'
                 WHEN state = 'planned' AND reason LIKE 'Waits for the morning%' THEN 'deferred'
                 WHEN state = 'sending' AND submitted_at IS NULL THEN 'claimed'
                 WHEN state = 'sending' THEN 'submitted'
                 WHEN state = 'sent' THEN 'accepted'
                 WHEN state = 'failed' THEN 'failed-permanent'
                 ELSE state END $sql$;
    ELSE
        told := $sql$
            CASE WHEN state IN ('failed-temporary', 'deferred') THEN 'planned'
                 WHEN state IN ('claimed', 'submitted') THEN 'sending'
                 WHEN state IN ('accepted', 'delivered') THEN 'sent'
                 WHEN state IN ('failed-permanent', 'undelivered') THEN 'failed'
                 ELSE state END $sql$;
    END IF;
    PERFORM set_config('desk.actor', 'job:set-up', true), set_config('desk.reason', 'states told apart', true);
    EXECUTE format('CREATE TEMP TABLE told_apart ON COMMIT DROP AS
                    SELECT id, told FROM (SELECT id, state, %s AS told FROM notifications_message) t
                    WHERE told <> state', told);
    UPDATE notifications_message m SET state = t.told, version = version + 1 FROM told_apart t WHERE t.id = m.id;
    EXECUTE format('INSERT INTO notifications_historicalmessage
                    (%1$s, history_date, history_change_reason, history_type, actor, txid)
                    SELECT %1$s, now(), %2$L, %3$L, %4$L, 0
                    FROM notifications_message JOIN told_apart USING (id)',
                   columns, 'states told apart', '~', 'job:set-up');
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_more_states")]

    operations = [
        migrations.RunSQL(
            [RENAME, "SELECT pg_temp.desk_rename_states(true)"], [RENAME, "SELECT pg_temp.desk_rename_states(false)"]
        )
    ]
