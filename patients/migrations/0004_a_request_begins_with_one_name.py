from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0003_work_list"),
    ]

    operations = [
        migrations.AlterField(
            model_name=model_name,
            name=name,
            field=models.CharField(blank=True, max_length=120),
        )
        for model_name in ("patient", "intakerequest", "historicalpatient", "historicalintakerequest")
        for name in ("family_name", "given_name")
    ]
