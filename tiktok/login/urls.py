"""Mounted by allauth. The way back is `tiktok:callback`, which serves connecting as well."""

from django.urls import path

from tiktok.login.provider import TikTokLogin
from tiktok.login.views import log_in

urlpatterns = [path("tiktok/login/", log_in, name=f"{TikTokLogin.id}_login")]
