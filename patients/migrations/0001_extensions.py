"""What patient search and record numbers build on: trigrams, letters without their accents, and a counter."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

# unaccent() is only STABLE, as its dictionary could change; named in full it may stand in an index.
PLAIN = """
CREATE FUNCTION desk_plain(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(lower(public.unaccent('public.unaccent', $1)), '''`´‘’ʼ.', '')
$$;
CREATE FUNCTION desk_search_name(text, text, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT public.desk_plain($1 || ' ' || $2 || ' ' || $3)
$$;
"""
NOT_PLAIN = "DROP FUNCTION desk_search_name(text, text, text); DROP FUNCTION desk_plain(text);"


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(PLAIN, NOT_PLAIN),
        migrations.RunSQL("CREATE SEQUENCE patients_record_number", "DROP SEQUENCE patients_record_number"),
    ]
