import uuid
from django.conf import settings
from config.audit.together import Together
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
        ("patients", "0003_acts_by_record"),
        ("scheduling", "0003_acts_by_record"),
        ("staff", "0002_acts_by_record"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.AlterField(
                    model_name="historicalmessage",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AddIndex(
                    model_name="historicalmessage",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="notificatio_id_bd37bb_idx"),
                ),
            ]
        ),
    ]
