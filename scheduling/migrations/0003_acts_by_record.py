import uuid
from django.conf import settings
from config.audit.together import Together
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0003_acts_by_record"),
        ("scheduling", "0002_initial"),
        ("staff", "0002_acts_by_record"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.AlterField(
                    model_name="historicalallocation",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalappointment",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalbookingrules",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalchair",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalclosure",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalneed",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalopenday",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalopeninghours",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalpatientlimits",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalresource",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalrotaday",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalrotashift",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalseries",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalspan",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicaltimeoff",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalvisittype",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AddIndex(
                    model_name="historicalallocation",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_34e6f1_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalappointment",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_8460a4_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalbookingrules",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_9a0704_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalchair",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_4966a4_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalclosure",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_f2f56e_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalneed",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_716b38_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalopenday",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_4feeb5_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalopeninghours",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_645cb2_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalpatientlimits",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_9c078b_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalresource",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_b98815_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalrotaday",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_8190a5_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalrotashift",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_a73cea_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalseries",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_484f93_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalspan",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_005e10_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicaltimeoff",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_d75f14_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalvisittype",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="scheduling__id_795db1_idx"),
                ),
            ]
        ),
    ]
