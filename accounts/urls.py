from django.urls import path

from accounts.views import (
    channels,
    invitations,
    keys,
    members,
    people,
    sessions,
    workspaces,
)  # fmt: skip

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
    path("workspaces/", workspaces.workspaces, name="workspaces"),
    path("workspaces/<int:workspace_id>/", workspaces.settings, name="workspace"),
    path("workspaces/<int:workspace_id>/switch/", workspaces.switch, name="switch"),
    path("workspaces/<int:workspace_id>/members/", members.team, name="members"),
    path(
        "workspaces/<int:workspace_id>/members/<int:membership_id>/role/",
        members.change_role,
        name="change_role",
    ),
    path(
        "workspaces/<int:workspace_id>/members/<int:membership_id>/hand-over/",
        members.hand_over,
        name="hand_over",
    ),
    path(
        "workspaces/<int:workspace_id>/invitations/<int:invitation_id>/again/",
        members.send_again,
        name="invite_again",
    ),
    path(
        "workspaces/<int:workspace_id>/invitations/<int:invitation_id>/revoke/",
        members.revoke,
        name="uninvite",
    ),
    path("invitations/<str:secret>/", invitations.invitation, name="invitation"),
]
