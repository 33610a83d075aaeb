from django.urls import path

from accounts.views import channels, keys, people, sessions

app_name = "accounts"
urlpatterns = [
    path("channels/", channels.channels, name="channels"),
    path("channels/<int:channel_id>/picture/", channels.avatar, name="avatar"),
    path("settings/", people.settings, name="settings"),
    path("settings/time-zone/", people.time_zone, name="time_zone"),
    path("settings/keys/", keys.keys, name="keys"),
    path("settings/keys/<int:key_id>/revoke/", keys.revoke, name="revoke_key"),
    path("settings/tokens/end/", keys.end_tokens, name="end_tokens"),
    path("settings/sessions/<int:session_id>/end/", sessions.end_session, name="end_session"),
    path("workspaces/<int:workspace_id>/switch/", people.switch, name="switch"),
]
