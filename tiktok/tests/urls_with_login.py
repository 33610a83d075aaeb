"""The addresses as they are with a key of TikTok's: allauth mounts the log-in beside its own."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("tiktok.login.urls")),
    path("", include("scheduler.urls")),
]
