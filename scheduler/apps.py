from django.apps import AppConfig


class SchedulerConfig(AppConfig):
    name = "scheduler"
    verbose_name = "The installation"

    def ready(self) -> None:
        import scheduler.checks  # noqa: F401
