from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from accounts.connectors import Connector
    from posts.platforms import Platform


class TikTokConfig(AppConfig):
    name = "tiktok"
    verbose_name = "TikTok"

    def ready(self) -> None:
        from accounts import connectors
        from posts import platforms

        platforms.register(self.label, load_platform)
        connectors.register(self.label, load_connector)


def load_platform() -> "Platform":
    from tiktok.publishing import TikTok

    return TikTok()


def load_connector() -> "Connector":
    from tiktok.connector import TikTokConnector

    return TikTokConnector()
