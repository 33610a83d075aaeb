"""Pages about people and workspaces that need to know of posts: what goes, what stays, the log."""

from django.urls import path

from posts.views import audit_log, copies, leaving

app_name = "leaving"
urlpatterns = [
    path("workspaces/<int:workspace_id>/leave/", leaving.leave, name="leave"),
    path(
        "workspaces/<int:workspace_id>/members/<int:membership_id>/remove/",
        leaving.remove,
        name="remove",
    ),
    path(
        "workspaces/<int:workspace_id>/delete/",
        leaving.delete_the_workspace,
        name="delete_workspace",
    ),
    path("workspaces/<int:workspace_id>/log/", audit_log.log, name="log"),
    path("workspaces/<int:workspace_id>/copy/", copies.make, name="copy"),
    path("workspaces/copies/", copies.copies, name="copies"),
    path("workspaces/copies/<uuid:copy_id>/", copies.fetch, name="fetch_copy"),
    path("settings/delete/", leaving.delete_the_account, name="delete_account"),
]
