from django.apps import AppConfig


class InfusionsConfig(AppConfig):
    name = "infusions"

    def ready(self) -> None:
        from infusions import clinical  # noqa: PLC0415  (models exist only now)

        clinical.register_locks()
        # Scheduling asks and tells it from now on (`scheduling.heeding`).
        from infusions import heed, vitals_clock  # noqa: F401, PLC0415
        from infusions.waitlist import heed as waitlist_heed  # noqa: F401, PLC0415
