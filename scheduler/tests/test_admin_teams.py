"""Operators help with workspaces and their people by the verbs of the pages, and are in the log."""

import pytest

from accounts import inviting
from accounts.models import Invitation, Role, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def bobs(bob, workspace):
    return workspace.memberships.create(user=bob, role=Role.EDITOR)


def said(workspace: Workspace) -> list[str]:
    return [str(entry) for entry in workspace.audit_entries.order_by("pk")]


def change(desk, workspace: Workspace, *, name: str = "Films", **roles: str):
    """Send the page of the workspace with other roles for its members."""
    form: dict[str, object] = {"name": name, "late_limit_minutes": ""}
    rows = workspace.memberships.order_by("pk").select_related("user")
    form |= {"memberships-TOTAL_FORMS": len(rows), "memberships-INITIAL_FORMS": len(rows)}
    for number, row in enumerate(rows):
        fields: dict[str, object] = {"id": row.pk, "workspace": workspace.pk, "user": row.user_id}
        fields |= {"role": roles.get(row.user.username, row.role)}
        form |= {f"memberships-{number}-{field}": value for field, value in fields.items()}
    return desk.post(f"/admin/accounts/workspace/{workspace.pk}/change/", form)


def test_what_an_operator_changes_is_in_the_log(desk, workspace, bobs):
    change(desk, workspace, bob="owner", alice="editor")

    workspace.refresh_from_db()
    assert workspace.name == "Films"
    assert said(workspace) == [
        "olga renamed it from “alice's workspace” to “Films”, as operator of this site",
        "olga made bob owner instead of editor, as operator of this site",
        "olga made alice editor instead of owner, as operator of this site",
    ]


def test_an_operator_leaves_no_workspace_without_an_owner(desk, workspace, bobs):
    answer = change(desk, workspace, name=workspace.name, alice="viewer")

    assert "A workspace always has an owner." in answer.text
    assert workspace.memberships.get(user__username="alice").role == "owner"
    assert said(workspace) == []


def test_an_operator_removes_a_member_but_never_the_only_owner(desk, workspace, bobs):
    both = list(workspace.memberships.values_list("pk", flat=True))
    action = {"action": "remove", "_selected_action": both, "index": 0}

    answer = desk.post("/admin/accounts/membership/", action, follow=True)

    assert "1 removed." in answer.text
    assert "always has an owner" in answer.text
    assert [each.user.username for each in workspace.memberships.all()] == ["alice"]
    assert said(workspace) == ["olga removed bob, who was editor, as operator of this site"]


def test_an_operator_revokes_an_invitation(desk, alice, workspace):
    inviting.invite(workspace, "dora@example.com", Role.EDITOR, by=alice)
    action = {"action": "revoke", "_selected_action": [Invitation.objects.get().pk], "index": 0}

    desk.post("/admin/accounts/invitation/", action)

    assert Invitation.objects.unanswered().count() == 0
    assert said(workspace)[-1] == (
        "olga revoked the invitation of dora@example.com, as operator of this site"
    )
