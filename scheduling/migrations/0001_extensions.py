"""What the schema builds on: equality in exclusion constraints, and the numbers of resources."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        BtreeGistExtension(),
        migrations.RunSQL("CREATE SEQUENCE scheduling_resource_number", "DROP SEQUENCE scheduling_resource_number"),
    ]
