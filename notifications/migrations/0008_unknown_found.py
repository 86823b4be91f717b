"""The messages of which nobody knows what became are few, and looked for every few minutes."""

from django.db import migrations, models

from config.audit.together import Together


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_replies_and_switch")]

    operations = [
        Together(
            [
                migrations.AddIndex(
                    model_name="message",
                    index=models.Index(
                        condition=models.Q(("state", "unknown")), fields=["submitted_at"], name="message_unknown"
                    ),
                ),
            ]
        ),
    ]
