from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("http", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="idempotentanswer",
            name="etag",
            field=models.CharField(default="", max_length=40),
        ),
        migrations.AlterField(
            model_name="idempotentanswer",
            name="at",
            field=models.DateTimeField(auto_now_add=True, db_index=True),
        ),
    ]
