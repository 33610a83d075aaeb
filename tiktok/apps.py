from django.apps import AppConfig


class TikTokConfig(AppConfig):
    name = "tiktok"
    verbose_name = "TikTok"

    def ready(self) -> None:
        from posts.platforms import register
        from tiktok.publishing import TikTok

        register(TikTok())
