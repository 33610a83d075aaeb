from django.apps import AppConfig
from django.conf import settings


class TikTokConfig(AppConfig):
    name = "tiktok"
    verbose_name = "TikTok"

    def ready(self) -> None:
        from accounts import connectors
        from posts.platforms import register
        from tiktok.connector import TikTokConnector
        from tiktok.publishing import TikTok

        register(TikTok())
        connectors.register(TikTokConnector())
        if not settings.PRACTICE_MODE:
            from allauth.socialaccount.providers import registry

            from tiktok.login.provider import TikTokLogin

            registry.register(TikTokLogin)
