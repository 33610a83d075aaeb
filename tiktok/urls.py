from urllib.parse import urlsplit

from django.conf import settings
from django.urls import path

from tiktok.views import callback, connect, webhook

app_name = "tiktok"
urlpatterns = [
    path("app/channels/tiktok/connect/", connect.connect, name="connect"),
    path("app/channels/tiktok/<int:channel_id>/reconnect/", connect.reconnect, name="reconnect"),
    path("app/channels/tiktok/<int:channel_id>/disconnect/", connect.disconnect, name="disconnect"),
    path("app/channels/tiktok/confirm/<int:pk>/", callback.confirm, name="confirm"),
    path("webhooks/tiktok/", webhook.webhook, name="webhook"),
    # The path is the operator's to choose: TikTok may refuse one that contains its name.
    path(
        urlsplit(settings.TIKTOK_REDIRECT_URI).path.removeprefix("/"),
        callback.callback,
        name="callback",
    ),
]
