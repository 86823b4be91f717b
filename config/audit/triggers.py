"""The triggers behind the audit's promises, and to which models they belong.

They are registered for every model by its shape when the apps are ready (`AuditConfig`), so that no model can forget
them; pgtrigger writes them into migrations. `docs/adr/0003-audit.md` tells what was tried.
"""

from collections.abc import Iterator

import pgtrigger
from django.apps import apps
from django.db.models import Model
from simple_history.utils import get_history_manager_for_model

from config.audit.locks import Lock
from config.audit.models import AppendOnly


def tracked_models() -> Iterator[type[Model]]:
    """Every concrete model that keeps history."""
    for model in apps.get_models():
        if hasattr(model._meta, "simple_history_manager_attribute"):
            yield model


def append_only_models() -> Iterator[type[Model]]:
    """Every concrete model whose rows are written once."""
    for model in apps.get_models():
        if issubclass(model, AppendOnly):
            yield model


def untraced_columns(model: type[Model]) -> list[str]:
    """Columns that history leaves out on purpose, such as a password hash."""
    kept = {field.attname for field in history_of(model)._meta.fields}
    return sorted(str(field.column) for field in model._meta.fields if field.attname not in kept)


def history_of(model: type[Model]) -> type[Model]:
    """The historical model of a tracked one."""
    found: type[Model] = get_history_manager_for_model(model).model
    return found


def history_matches(model: type[Model]) -> Lock:
    """At commit, the newest history row of this transaction contains the row as it now stands, or all is undone.

    The tables are named in the trigger, not handed to a function: so the database plans each question once and not
    for each row, which is most of what the check costs.
    """
    without = ",".join(untraced_columns(model))
    table, kept = model._meta.db_table, history_of(model)._meta.db_table
    return Lock(
        name="history_matches",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        declare=[("row_id", "uuid"), ("stands", "jsonb"), ("newest", "jsonb")],
        # Under another id it would be another record, and the one before would be gone without a word.
        func=f"""
            IF COALESCE(current_setting('desk.actor', true), '') = '' THEN
                RAISE EXCEPTION 'no acting person' USING ERRCODE = 'DK001';
            END IF;
            FOREACH row_id IN ARRAY ARRAY[NULLIF(OLD.id, NEW.id), COALESCE(NEW.id, OLD.id)] LOOP
                CONTINUE WHEN row_id IS NULL;
                SELECT to_jsonb(t) - '{{{without}}}'::text[] INTO stands FROM {table} t WHERE t.id = row_id;
                SELECT to_jsonb(h) INTO newest FROM (
                    SELECT * FROM {kept} WHERE id = row_id AND txid = pg_current_xact_id()::text::bigint OFFSET 0
                ) h ORDER BY h.history_id DESC LIMIT 1;
                IF newest IS NULL
                   OR (stands IS NULL AND newest ->> 'history_type' <> '-')
                   OR (stands IS NOT NULL AND (newest ->> 'history_type' = '-' OR desk_told(newest) <> stands))
                THEN
                    RAISE EXCEPTION 'a change of % has no matching history', TG_TABLE_NAME USING ERRCODE = 'DK002';
                END IF;
            END LOOP;
            RETURN NULL;
        """,  # noqa: S608  (only the names of our own tables and columns are put in)
    )


def stamped_history(model: type[Model]) -> Lock:
    """Who, when and why come from the transaction, and what from the record: history cannot be forged or back-dated.

    The record must have been written, or removed, in this transaction, and stand as the row of history says.
    """
    table, kept = model._meta.db_table, history_of(model)._meta.db_table
    without = ",".join(untraced_columns(model))
    return Lock(
        name="stamped_history",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("stands", "jsonb"), ("written", "xid"), ("earlier", "text"), ("known", "boolean")],
        # OFFSET 0 keeps the question to one record's rows: sorted first, it would be a walk along the whole table.
        func=f"""
            SELECT to_jsonb(t) - '{{{without}}}'::text[], t.xmin INTO stands, written FROM {table} t WHERE t.id = NEW.id;
            SELECT h.history_type INTO earlier FROM (
                SELECT history_type, history_id FROM {kept} WHERE id = NEW.id OFFSET 0
            ) h ORDER BY h.history_id DESC LIMIT 1;
            known := COALESCE(earlier, '-') <> '-';
            IF (NEW.history_type = '-' AND stands IS NULL AND known)
               OR (NEW.history_type IN ('+', '~') AND known = (NEW.history_type = '~')
                   AND desk_told(to_jsonb(NEW)) = stands AND desk_written_now(written))
            THEN
                NEW.txid := pg_current_xact_id()::text::bigint;
                NEW.actor := desk_actor();
                NEW.history_user_id := desk_acting_user();
                NEW.history_date := clock_timestamp();
                NEW.history_change_reason := COALESCE(
                    NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'history of {table} tells what did not happen' USING ERRCODE = 'DK002';
        """,  # noqa: E501, S608  (only the names of our own tables and columns are put in)
    )


def stamped_entry() -> Lock:
    """The same for a row that is written once and is its own history."""
    return Lock(
        name="stamped_entry",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); "
        "NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
    )


def append_only() -> Lock:
    """No UPDATE, no DELETE."""
    return Lock(
        name="append_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
    )


def never_emptied() -> Lock:
    """No TRUNCATE, which row by row triggers do not see."""
    return Lock(
        name="never_emptied",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
    )


def register_all() -> None:
    """Give each model the triggers that its shape asks for."""
    for model in tracked_models():
        pgtrigger.register(history_matches(model), never_emptied())(model)
        pgtrigger.register(stamped_history(model), append_only(), never_emptied())(history_of(model))
    for model in append_only_models():
        pgtrigger.register(stamped_entry(), append_only(), never_emptied())(model)
