"""A trigger that cannot be switched off by a session setting.

django-pgtrigger lets `pgtrigger.ignore()` skip any of its triggers. That is right for convenience triggers and wrong
for ours, so a `Lock` is installed without the clause that asks.
"""

import pgtrigger
from django.db.models import Model
from pgtrigger import compiler


class LockSql(compiler.UpsertTriggerSql):
    """The function and the trigger, nothing else. Migrations refer to this class: change it only compatibly."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid} {when} {operation} ON {table} {timing} {referencing}
                FOR EACH {level} {condition} EXECUTE PROCEDURE {execute};
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class Lock(pgtrigger.Trigger):
    """As pgtrigger's Trigger, but nobody can ask it to look away."""

    def compile(self, model: Model) -> compiler.Trigger:
        sql = LockSql(
            pgid=self.get_pgid(model),
            declare=self.render_declare(model),
            func=self.render_func(model),
            table=model._meta.db_table,
            constraint="CONSTRAINT" if self.timing else "",
            when=self.when,
            operation=self.operation,
            timing=f"DEFERRABLE INITIALLY {self.timing}" if self.timing else "",
            referencing=self.referencing or "",
            level=self.level,
            condition=self.render_condition(model),
            execute=self.render_execute(model),
        )
        return compiler.Trigger(name=self.name, sql=sql)
