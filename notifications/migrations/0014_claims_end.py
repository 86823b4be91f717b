"""Messages that a sender had in hand wait again: a claim is a lease from now on, and no state."""

from django.db import migrations

END = """
CREATE OR REPLACE FUNCTION pg_temp.desk_end_claims() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    columns text := (SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
                     FROM information_schema.columns
                     WHERE table_schema = current_schema() AND table_name = 'notifications_message');
    claims uuid[] := ARRAY(SELECT id FROM notifications_message WHERE state = 'claimed');
BEGIN
    PERFORM set_config('desk.actor', 'job:set-up', true), set_config('desk.reason', 'claims ended', true);
    UPDATE notifications_message SET state = 'planned', lease_until = NULL, version = version + 1
    WHERE id = ANY (claims);
    EXECUTE format('INSERT INTO notifications_historicalmessage (%1$s, history_date, history_type, actor, txid)
                    SELECT %1$s, now(), %2$L, %3$L, 0 FROM notifications_message WHERE id = ANY ($1)',
                   columns, '~', 'job:set-up') USING claims;
END $$;
SELECT pg_temp.desk_end_claims();
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0013_checks_planned_once")]
    operations = [migrations.RunSQL(END, migrations.RunSQL.noop)]
