from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Last to be ready in effect: the triggers are registered for all models that exist by then."""

    name = "config.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.audit import checks, triggers  # noqa: F401, PLC0415  (models exist only now)

        triggers.register_all()
