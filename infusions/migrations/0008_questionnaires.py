"""Questionnaires, patients' answers, and the path of a positive item 9."""

import config.audit.locks
import config.staff.permissions
import datetime
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
import infusions.models.questionnaires
import infusions.models.responses
import pgtrigger.compiler
import pgtrigger.migrations
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from config.audit.together import Together


class Migration(migrations.Migration):
    dependencies = [
        ("infusions", "0007_controlled_substances"),
        ("patients", "0005_answers_to_read"),
        ("scheduling", "0002_initial"),
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="HistoricalFollowUpPath",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "role",
                            models.CharField(
                                choices=[("nurse", "nurse"), ("prescriber", "prescriber")],
                                max_length=12,
                                verbose_name="who reads it",
                            ),
                        ),
                        (
                            "due",
                            models.CharField(
                                choices=[("same-day", "same-day"), ("next-day", "next-day")],
                                max_length=10,
                                verbose_name="by when",
                            ),
                        ),
                        ("words", models.CharField(max_length=200, verbose_name="what the task says")),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="staff.clinic",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical follow up path",
                        "verbose_name_plural": "historical follow up paths",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalQuestionnaire",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("canonical", models.UUIDField()),
                        ("edition", models.PositiveSmallIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("nrs", "nrs"),
                                    ("pgic", "pgic"),
                                    ("phq-9", "phq-9"),
                                    ("gad-7", "gad-7"),
                                    ("own", "own"),
                                ],
                                max_length=6,
                            ),
                        ),
                        ("title", models.CharField(max_length=120)),
                        ("instruction", models.CharField(blank=True, max_length=500)),
                        (
                            "copyright",
                            models.CharField(blank=True, max_length=300, verbose_name="source and permission"),
                        ),
                        ("plain_sum", models.BooleanField()),
                        ("published_at", models.DateTimeField(null=True)),
                        ("active", models.BooleanField(default=False, verbose_name="in use")),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="staff.clinic",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical questionnaire",
                        "verbose_name_plural": "historical questionnaires",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Questionnaire",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("canonical", models.UUIDField()),
                        ("edition", models.PositiveSmallIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("nrs", "nrs"),
                                    ("pgic", "pgic"),
                                    ("phq-9", "phq-9"),
                                    ("gad-7", "gad-7"),
                                    ("own", "own"),
                                ],
                                max_length=6,
                            ),
                        ),
                        ("title", models.CharField(max_length=120)),
                        ("instruction", models.CharField(blank=True, max_length=500)),
                        (
                            "copyright",
                            models.CharField(blank=True, max_length=300, verbose_name="source and permission"),
                        ),
                        ("plain_sum", models.BooleanField()),
                        ("published_at", models.DateTimeField(null=True)),
                        ("active", models.BooleanField(default=False, verbose_name="in use")),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="QuestionnaireItem",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("wording", models.CharField(max_length=500)),
                        (
                            "questionnaire",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="infusions.questionnaire",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("position",),
                    },
                ),
                migrations.CreateModel(
                    name="AnswerOption",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("label", models.CharField(max_length=200)),
                        ("value", models.SmallIntegerField()),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="options",
                                to="infusions.questionnaireitem",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("position",),
                    },
                ),
                migrations.CreateModel(
                    name="QuestionnaireResponse",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("identifier", models.UUIDField(db_index=True)),
                        ("authored_at", models.DateTimeField()),
                        ("entered_at", models.DateTimeField()),
                        (
                            "source",
                            models.CharField(
                                choices=[("staff", "staff"), ("patient-link", "patient link")], max_length=12
                            ),
                        ),
                        ("client_id", models.UUIDField(null=True)),
                        ("correction_reason", models.CharField(blank=True, max_length=200)),
                        ("entered_in_error", models.BooleanField(default=False)),
                        (
                            "appointment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                            ),
                        ),
                        (
                            "questionnaire",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.questionnaire",
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.questionnaireresponse",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.visit",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="QuestionnaireAnswer",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "option",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.answeroption",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.questionnaireitem",
                            ),
                        ),
                        (
                            "response",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="infusions.questionnaireresponse",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="FollowUpPath",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "role",
                            models.CharField(
                                choices=[("nurse", "nurse"), ("prescriber", "prescriber")],
                                max_length=12,
                                verbose_name="who reads it",
                            ),
                        ),
                        (
                            "due",
                            models.CharField(
                                choices=[("same-day", "same-day"), ("next-day", "next-day")],
                                max_length=10,
                                verbose_name="by when",
                            ),
                        ),
                        ("words", models.CharField(max_length=200, verbose_name="what the task says")),
                        (
                            "clinic",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "role__in",
                                        [
                                            config.staff.permissions.Role["NURSE"],
                                            config.staff.permissions.Role["PRESCRIBER"],
                                        ],
                                    )
                                ),
                                name="path_leads_to_a_clinician",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "due__in",
                                        [
                                            infusions.models.questionnaires.Due["SAME_DAY"],
                                            infusions.models.questionnaires.Due["NEXT_DAY"],
                                        ],
                                    )
                                ),
                                name="path_due_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("words__regex", "\\S")), name="path_says_what_to_do"
                            ),
                        ],
                    },
                ),
            ]
        ),
        Together(
            [
                migrations.AddConstraint(
                    model_name="questionnaire",
                    constraint=models.UniqueConstraint(
                        fields=("canonical", "edition"), name="questionnaire_edition_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="questionnaire",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("active", True)),
                        fields=("canonical",),
                        name="questionnaire_one_edition_in_use",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="questionnaire",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            ("active", True),
                            models.Q(("kind", infusions.models.questionnaires.Kind["OWN"]), _negated=True),
                        ),
                        fields=("clinic", "kind"),
                        name="shipped_measure_in_use_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="questionnaire",
                    constraint=models.UniqueConstraint(
                        models.F("clinic"),
                        django.db.models.functions.text.Lower("title"),
                        condition=models.Q(("active", True)),
                        name="questionnaire_title_in_use_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="questionnaire",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    infusions.models.questionnaires.Kind["NRS"],
                                    infusions.models.questionnaires.Kind["PGIC"],
                                    infusions.models.questionnaires.Kind["PHQ_9"],
                                    infusions.models.questionnaires.Kind["GAD_7"],
                                    infusions.models.questionnaires.Kind["OWN"],
                                ],
                            )
                        ),
                        name="questionnaire_kind_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="questionnaire",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("title__regex", "\\S")), name="questionnaire_has_a_title"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="questionnaire",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("active", False), ("published_at__isnull", False), _connector="OR"),
                        name="questionnaire_published_before_use",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="questionnaire",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("kind", infusions.models.questionnaires.Kind["OWN"]),
                            models.Q(
                                (
                                    "kind__in",
                                    [
                                        infusions.models.questionnaires.Kind["GAD_7"],
                                        infusions.models.questionnaires.Kind["PHQ_9"],
                                    ],
                                ),
                                ("plain_sum", True),
                            ),
                            models.Q(
                                (
                                    "kind__in",
                                    [
                                        infusions.models.questionnaires.Kind["NRS"],
                                        infusions.models.questionnaires.Kind["PGIC"],
                                    ],
                                ),
                                ("plain_sum", False),
                            ),
                            _connector="OR",
                        ),
                        name="questionnaire_sum_as_published",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="questionnaireitem",
                    constraint=models.UniqueConstraint(
                        fields=("questionnaire", "position"), name="questionnaire_item_place_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="questionnaireitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("wording__regex", "\\S")), name="questionnaire_item_asks_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="questionnaireitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("position__gte", 1)), name="questionnaire_item_counted_from_one"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="answeroption",
                    constraint=models.UniqueConstraint(fields=("item", "position"), name="answer_option_place_once"),
                ),
                migrations.AddConstraint(
                    model_name="answeroption",
                    constraint=models.UniqueConstraint(fields=("item", "label"), name="answer_option_words_once"),
                ),
                migrations.AddConstraint(
                    model_name="answeroption",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("label__regex", "\\S")), name="answer_option_says_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="answeroption",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("value__gte", -999), ("value__lte", 999)),
                        name="answer_option_value_sensible",
                    ),
                ),
                migrations.AddIndex(
                    model_name="questionnaireresponse",
                    index=models.Index(fields=["patient", "-authored_at", "-id"], name="response_by_patient"),
                ),
                migrations.AddConstraint(
                    model_name="questionnaireresponse",
                    constraint=models.UniqueConstraint(fields=("patient", "client_id"), name="response_sent_once"),
                ),
                migrations.AddConstraint(
                    model_name="questionnaireresponse",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("entered_by__isnull", False), ("source", infusions.models.responses.Source["STAFF"])
                            ),
                            models.Q(
                                ("entered_by__isnull", True),
                                ("source", infusions.models.responses.Source["PATIENT_LINK"]),
                                ("supersedes__isnull", True),
                                ("visit__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="response_by_staff_or_link",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="questionnaireresponse",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("correction_reason", ""), ("entered_in_error", False), ("supersedes__isnull", True)
                            ),
                            models.Q(("correction_reason__regex", "\\S"), ("supersedes__isnull", False)),
                            _connector="OR",
                        ),
                        name="response_corrected_with_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="questionnaireresponse",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "authored_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("entered_at"), "+", models.Value(datetime.timedelta(seconds=120))
                                ),
                            )
                        ),
                        name="response_not_in_the_future",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="questionnaireresponse",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("authored_at__isnull", True),
                                (
                                    "authored_at__range",
                                    (
                                        datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                        datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                    ),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("entered_at__isnull", True),
                                (
                                    "entered_at__range",
                                    (
                                        datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                        datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                    ),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="questionnaireresponse_authored_at_in_our_times",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="questionnaireanswer",
                    constraint=models.UniqueConstraint(
                        fields=("response", "item"), name="item_answered_once_in_a_response"
                    ),
                ),
            ]
        ),
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="followuppath",
                    trigger=pgtrigger.compiler.Trigger(
                        name="path_stays",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF TG_OP = 'DELETE' OR NEW.clinic_id <> OLD.clinic_id THEN\n                PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP);\n            END IF;\n            RETURN NEW;\n        ",
                            hash="9cc469791fe5a6bbae72535baf3a43cf4b048027",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_path_stays_b4f62",
                            table="infusions_followuppath",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="followuppath",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'infusions_historicalfollowuppath', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="25703042ae062e0e32b871bf39c9db4dcd184fd7",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_621a1",
                            table="infusions_followuppath",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="followuppath",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="4869bcfcc7fff9a8fbab91886c4890289003aa1f",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_c0e05",
                            table="infusions_followuppath",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalfollowuppath",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM infusions_followuppath t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM infusions_historicalfollowuppath h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'infusions_followuppath');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="26e29367c9d8b60966e5d5127a64bcd2b6b64379",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_d34ed",
                            table="infusions_historicalfollowuppath",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalfollowuppath",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="e437c5a6c91e1d531d5aa469f7237681468b0c24",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_4b8e3",
                            table="infusions_historicalfollowuppath",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalfollowuppath",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="9776ea023e366620fa7bb689cfa75f4a98caff58",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_d503d",
                            table="infusions_historicalfollowuppath",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalquestionnaire",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM infusions_questionnaire t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM infusions_historicalquestionnaire h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'infusions_questionnaire');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="b1bba91f41c4766fa74b11c2bbcc7a3f7cd44654",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_f7d46",
                            table="infusions_historicalquestionnaire",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalquestionnaire",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="ad7b3ca60f06d16155f4ba5e39c877c0a0e7341c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_bc690",
                            table="infusions_historicalquestionnaire",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalquestionnaire",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="8e0e9ebc5bae44d9e9b347b9d339408c3ae5570f",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_aa2ea",
                            table="infusions_historicalquestionnaire",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaire",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_stand",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF TG_OP = 'DELETE'\n               OR to_jsonb(NEW) - ARRAY['version', 'active', 'published_at']\n                  <> to_jsonb(OLD) - ARRAY['version', 'active', 'published_at']\n               OR (OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at)\n            THEN\n                PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP);\n            END IF;\n            RETURN NEW;\n        ",
                            hash="56be78ab18f26410d0d1a6cb99dcbf865309e1ca",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_words_stand_7ca7f",
                            table="infusions_questionnaire",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaire",
                    trigger=pgtrigger.compiler.Trigger(
                        name="published_whole",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE asked int; short int; wanted int;",
                            func="\n            IF NEW.published_at IS NULL OR (TG_OP = 'UPDATE' AND OLD.published_at IS NOT NULL) THEN RETURN NEW; END IF;\n            SELECT count(*), count(*) FILTER (WHERE offered < 2) INTO asked, short FROM (\n                SELECT (SELECT count(*) FROM infusions_answeroption o WHERE o.item_id = i.id) AS offered\n                FROM infusions_questionnaireitem i WHERE i.questionnaire_id = NEW.id\n            ) counted;\n            wanted := CASE NEW.kind WHEN 'phq-9' THEN 9 WHEN 'gad-7' THEN 7 WHEN 'own' THEN NULL ELSE 1 END;\n            IF asked = 0 OR short > 0 OR asked <> wanted THEN\n                RAISE EXCEPTION 'a questionnaire is published with all its items and their answers'\n                    USING ERRCODE = '23514', CONSTRAINT = 'questionnaire_published_whole';\n            END IF;\n            IF EXISTS (\n                SELECT 1 FROM infusions_questionnaire other WHERE other.canonical = NEW.canonical\n                  AND (other.clinic_id <> NEW.clinic_id OR other.kind <> NEW.kind)\n            ) THEN\n                RAISE EXCEPTION 'an edition is of the same measure of the same clinic'\n                    USING ERRCODE = '23514', CONSTRAINT = 'questionnaire_edition_of_its_own';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="79d8dd160f4003e257429bbd5afc71015322cfaf",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_published_whole_74d96",
                            table="infusions_questionnaire",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaire",
                    trigger=pgtrigger.compiler.Trigger(
                        name="path_first",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.active AND NEW.kind = 'phq-9'\n               AND NOT EXISTS (SELECT 1 FROM infusions_followuppath WHERE clinic_id = NEW.clinic_id)\n            THEN\n                RAISE EXCEPTION 'nobody is named who reads a positive item 9'\n                    USING ERRCODE = '23514', CONSTRAINT = 'phq9_needs_a_path';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="a4be2e150a633d9321478b91559648f16ba58ffe",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_path_first_9c685",
                            table="infusions_questionnaire",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaire",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'infusions_historicalquestionnaire', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="a8b5e1654da6359420d03bdfbbdb4f8a4cef8b67",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_aa7c5",
                            table="infusions_questionnaire",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaire",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="5ab09e90e2c85e2e65f35956598d243a7f2ca392",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_a9370",
                            table="infusions_questionnaire",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="before_publishing",
                        sql=config.audit.locks.LockSql(
                            func="\n            PERFORM 1 FROM infusions_questionnaire WHERE id = NEW.questionnaire_id AND published_at IS NULL FOR UPDATE;\n            IF NOT FOUND THEN PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); END IF;\n            RETURN NEW;\n        ",
                            hash="9c24f1311598a4511bf827d5019bb8c223ada463",
                            operation="INSERT",
                            pgid="pgtrigger_before_publishing_e2b63",
                            table="infusions_questionnaireitem",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="88012bab76d18bab47d87f7db188b01bde931a7a",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_4a59e",
                            table="infusions_questionnaireitem",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="bda0e0f373b91e3a380084527e3ed8a5b8144651",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_e0428",
                            table="infusions_questionnaireitem",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="0ae9a2cad88c86344a115315be94519889777d01",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_ad784",
                            table="infusions_questionnaireitem",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="answeroption",
                    trigger=pgtrigger.compiler.Trigger(
                        name="before_publishing",
                        sql=config.audit.locks.LockSql(
                            func="\n            PERFORM 1 FROM infusions_questionnaire WHERE id = (SELECT questionnaire_id FROM infusions_questionnaireitem WHERE id = NEW.item_id) AND published_at IS NULL FOR UPDATE;\n            IF NOT FOUND THEN PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); END IF;\n            RETURN NEW;\n        ",
                            hash="6a76908387e176a53a8fa5c1a8389cc5685d710c",
                            operation="INSERT",
                            pgid="pgtrigger_before_publishing_a11bb",
                            table="infusions_answeroption",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="answeroption",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="b62534305172d3e1eb642094faaa0ac8a1a88678",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_88cf2",
                            table="infusions_answeroption",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="answeroption",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="795e17e94981cbc378136c1559aed0436659d944",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_25894",
                            table="infusions_answeroption",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="answeroption",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="9651f865b1da1a01bc2282ec349504340954b4b4",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_e1426",
                            table="infusions_answeroption",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireresponse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="given_by_staff_or_link",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.source = 'staff' THEN\n                PERFORM desk_require_clinician(NEW.entered_by_id, ARRAY['nurse', 'prescriber']);\n            ELSIF desk_actor() <> 'job:patient-link' THEN\n                RAISE EXCEPTION 'only the patient''s link answers for the patient' USING ERRCODE = 'DK004';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="7195575eb7d55c6e4dc9bef684cfc6c080aeb75f",
                            operation="INSERT",
                            pgid="pgtrigger_given_by_staff_or_link_a0e1a",
                            table="infusions_questionnaireresponse",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireresponse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="response_fits",
                        sql=config.audit.locks.LockSql(
                            func="\n            PERFORM 1 FROM infusions_questionnaire q JOIN patients_patient p ON p.clinic_id = q.clinic_id\n             WHERE q.id = NEW.questionnaire_id AND p.id = NEW.patient_id AND q.published_at IS NOT NULL\n               AND (NEW.supersedes_id IS NOT NULL OR EXISTS (\n                    SELECT 1 FROM infusions_questionnaire used\n                    WHERE used.canonical = q.canonical AND used.active AND used.edition >= q.edition))\n               FOR SHARE OF q;\n            IF NOT FOUND THEN\n                RAISE EXCEPTION 'this clinic does not ask this'\n                    USING ERRCODE = '23514', CONSTRAINT = 'response_to_what_is_asked';\n            END IF;\n            IF (NEW.visit_id IS NOT NULL AND NOT EXISTS (\n                    SELECT 1 FROM infusions_visit v WHERE v.id = NEW.visit_id AND v.patient_id = NEW.patient_id\n                       AND v.appointment_id = NEW.appointment_id))\n               OR (NEW.appointment_id IS NOT NULL AND NOT EXISTS (\n                    SELECT 1 FROM scheduling_appointment a\n                    WHERE a.id = NEW.appointment_id AND a.patient_id = NEW.patient_id))\n            THEN\n                RAISE EXCEPTION 'the visit is another patient''s'\n                    USING ERRCODE = '23514', CONSTRAINT = 'response_of_own_visit';\n            END IF;\n            IF (NEW.supersedes_id IS NULL AND NEW.identifier <> NEW.id)\n               OR (NEW.supersedes_id IS NOT NULL AND NOT EXISTS (\n                    SELECT 1 FROM infusions_questionnaireresponse r\n                    WHERE r.id = NEW.supersedes_id AND NOT r.entered_in_error\n                      AND (r.identifier, r.patient_id, r.questionnaire_id)\n                          = (NEW.identifier, NEW.patient_id, NEW.questionnaire_id)\n                      AND r.visit_id IS NOT DISTINCT FROM NEW.visit_id\n                      AND r.appointment_id IS NOT DISTINCT FROM NEW.appointment_id))\n            THEN\n                RAISE EXCEPTION 'a correction is of the same set of answers'\n                    USING ERRCODE = '23514', CONSTRAINT = 'response_corrects_its_own';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="c587d9752bcf10e8cc7f1ca4fff3dd66ba548d02",
                            operation="INSERT",
                            pgid="pgtrigger_response_fits_fbaa7",
                            table="infusions_questionnaireresponse",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireresponse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="visit_not_signed",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_unsigned_visit(NEW.visit_id); RETURN NEW;",
                            hash="805d1b8d565853e6f55bb07532569f4e8db500a1",
                            operation="INSERT",
                            pgid="pgtrigger_visit_not_signed_f0150",
                            table="infusions_questionnaireresponse",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireresponse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="answered_whole",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            declare="DECLARE asked int; told int; answered int;",
                            func="\n            SELECT count(*) INTO asked FROM infusions_questionnaireitem WHERE questionnaire_id = NEW.questionnaire_id;\n            SELECT count(*), count(option_id) INTO told, answered\n                FROM infusions_questionnaireanswer WHERE response_id = NEW.id;\n            IF (NEW.entered_in_error AND told > 0)\n               OR (NOT NEW.entered_in_error AND (told <> asked OR answered = 0))\n            THEN\n                RAISE EXCEPTION 'every item has its row, answered or not'\n                    USING ERRCODE = '23514', CONSTRAINT = 'response_answers_every_item';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="a339c15e77ec9c2c4dd7c630b790c680171e1177",
                            operation="INSERT",
                            pgid="pgtrigger_answered_whole_eaa6b",
                            table="infusions_questionnaireresponse",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireresponse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="positive_item_has_its_task",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="\n            IF EXISTS (\n                SELECT 1 FROM infusions_questionnaireanswer a\n                JOIN infusions_answeroption o ON o.id = a.option_id\n                JOIN infusions_questionnaireitem i ON i.id = a.item_id\n                JOIN infusions_questionnaire q ON q.id = i.questionnaire_id\n                WHERE a.response_id = NEW.id AND q.kind = 'phq-9' AND i.position = 9 AND o.value > 0\n            ) AND NOT EXISTS (\n                SELECT 1 FROM patients_task t JOIN patients_patient p ON p.clinic_id = t.clinic_id\n                WHERE p.id = NEW.patient_id AND t.about = NEW.identifier AND t.kind = 'answers-to-read'\n                  AND t.done_at IS NULL AND t.for_role IN ('nurse', 'prescriber')\n            ) THEN\n                RAISE EXCEPTION 'nobody has been asked to read a positive item 9'\n                    USING ERRCODE = '23514', CONSTRAINT = 'positive_item_has_its_task';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="24f3219014b52ba096c99b4501bac4205318d046",
                            operation="INSERT",
                            pgid="pgtrigger_positive_item_has_its_task_ed155",
                            table="infusions_questionnaireresponse",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireresponse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="8779669ef7962b0c0b0a019532b9b73ba1cf6846",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_e4f96",
                            table="infusions_questionnaireresponse",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireresponse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="be3d40388bf6788dc3c9d8ec0f8f78773845c147",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_fdbcc",
                            table="infusions_questionnaireresponse",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireresponse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="872b3c2bbfdcdeabcbf7fe1dbfcec60416375f51",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_e00ad",
                            table="infusions_questionnaireresponse",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireanswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="answer_fits",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE written xid; asked uuid;",
                            func="\n            SELECT r.xmin, r.questionnaire_id INTO written, asked\n                FROM infusions_questionnaireresponse r WHERE r.id = NEW.response_id;\n            IF written IS NULL OR NOT desk_written_now(written) THEN\n                PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP);\n            END IF;\n            IF NOT EXISTS (\n                SELECT 1 FROM infusions_questionnaireitem WHERE id = NEW.item_id AND questionnaire_id = asked\n            ) OR (NEW.option_id IS NOT NULL AND NOT EXISTS (\n                SELECT 1 FROM infusions_answeroption WHERE id = NEW.option_id AND item_id = NEW.item_id\n            )) THEN\n                RAISE EXCEPTION 'this is no answer to this item'\n                    USING ERRCODE = '23514', CONSTRAINT = 'answer_fits_item';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="82b9e3a6ce68db0ef31918b5575f2796f047d185",
                            operation="INSERT",
                            pgid="pgtrigger_answer_fits_91d42",
                            table="infusions_questionnaireanswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireanswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="4da2d6a5fc062648ab0607233fd1f69560f444d6",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_686d6",
                            table="infusions_questionnaireanswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireanswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="dc297b539acda4fda7b5c614447bbd23a5899f44",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_fccaf",
                            table="infusions_questionnaireanswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireanswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="af1a823195ce1c389c71d9b39abf2c7dea6ae8c4",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_0ea5d",
                            table="infusions_questionnaireanswer",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
