"""A need for a part of a span says for how many minutes: NULL passed the comparison."""

import django.db.models.expressions
import scheduling.models.kinds
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0004_history_reasons_of_any_length'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='need',
            name='need_minutes_for_a_part',
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('minutes__isnull', True), ('part', scheduling.models.kinds.Part['ALL'])), models.Q(('minutes', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('minutes'), '/', models.Value(5)), '*', models.Value(5))), ('minutes__gte', 5), ('minutes__isnull', False), ('part__in', [scheduling.models.kinds.Part['FIRST'], scheduling.models.kinds.Part['LAST']])), _connector='OR'), name='need_minutes_for_a_part'),
        ),
    ]
