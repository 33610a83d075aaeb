from django.urls import path

from accounts.views import channels, people

app_name = "accounts"
urlpatterns = [
    path("channels/", channels.channels, name="channels"),
    path("channels/<int:channel_id>/picture/", channels.avatar, name="avatar"),
    path("settings/", people.settings, name="settings"),
    path("workspaces/<int:workspace_id>/switch/", people.switch, name="switch"),
]
