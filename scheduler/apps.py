from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class SchedulerConfig(AppConfig):
    name = "scheduler"
    verbose_name = "The installation"

    def ready(self) -> None:
        import scheduler.checks  # noqa: F401


class DeskConfig(SimpleAdminConfig):
    """`scheduler.urls` fills it: only processes with pages need it."""

    default_site = "scheduler.desk.OperatorsDesk"


class StaticConfig(StaticFilesConfig):
    # htmx's extensions are not used, and a comment in one of them names a file that is not there.
    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx/ext/*"]
