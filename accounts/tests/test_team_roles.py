"""Who may open and do what about a workspace and its people, for each role."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts import inviting
from accounts.models import Role
from accounts.tests.browser import prove

pytestmark = [pytest.mark.django_db]

EVERYBODY = ["owner", "editor", "contributor", "viewer", "member elsewhere", "nobody"]
SEES = [200, 200, 200, 200, 404, "log in"]
OWNS = [200, 403, 403, 403, 404, "log in"]
ACTS = [302, 403, 403, 403, 404, "log in"]

# owner, editor, contributor, viewer, a member of another workspace, nobody
TABLE = {
    ("get", "accounts:workspaces"): [200, 200, 200, 200, 200, "log in"],
    ("post", "accounts:workspaces"): [422, 422, 422, 422, 422, "log in"],
    ("get", "accounts:workspace"): SEES,
    ("post", "accounts:workspace"): [422, 403, 403, 403, 404, "log in"],
    ("get", "accounts:members"): SEES,
    ("post", "accounts:members"): [422, 403, 403, 403, 404, "log in"],
    ("post", "accounts:change_role"): ACTS,
    ("post", "accounts:hand_over"): ACTS,
    ("post", "accounts:invite_again"): ACTS,
    ("post", "accounts:uninvite"): ACTS,
    ("get", "accounts:invitation"): [302, 302, 302, 302, 200, 200],
    ("get", "leaving:leave"): SEES,
    ("post", "leaving:leave"): [409, 302, 302, 302, 404, "log in"],  # the only owner stays
    ("get", "leaving:remove"): OWNS,
    ("post", "leaving:remove"): ACTS,
    ("get", "leaving:delete_workspace"): OWNS,
    ("post", "leaving:delete_workspace"): [422, 403, 403, 403, 404, "log in"],
    ("get", "leaving:log"): OWNS,
    ("post", "leaving:copy"): ACTS,
    ("get", "leaving:copies"): [200, 200, 200, 200, 200, "log in"],
    ("get", "leaving:delete_account"): [200, 200, 200, 200, 200, "log in"],
    ("post", "leaving:delete_account"): [422, 422, 422, 422, 422, "log in"],
}


@pytest.fixture
def target(alice, make_person, workspace, monkeypatch) -> dict[str, object]:
    """What the addresses name: Vera, who is a viewer, and an invitation of Dora's."""
    sent = []
    monkeypatch.setattr(inviting, "_mail", lambda _, secret: sent.append(secret))
    vera = workspace.memberships.create(user=make_person("vera"), role=Role.VIEWER)
    invitation = inviting.invite(workspace, "dora@example.com", Role.EDITOR, by=alice)
    return {
        "workspace_id": workspace.pk,
        "membership_id": vera.pk,
        "invitation_id": invitation.pk,
        "secret": sent[0],
    }


@pytest.fixture
def visitor(alice, make_person, workspace):
    def visit(who: str) -> Client:
        browser = Client()
        if who == "nobody":
            return browser
        person = alice if who == "owner" else make_person("robin")
        if who in Role.values and who != "owner":
            workspace.memberships.create(user=person, role=who)
        browser.force_login(person)
        prove(browser, person)  # deleting asks for it
        return browser

    return visit


def address(name: str, target: dict[str, object]) -> str:
    carried = {
        "accounts:workspace": ["workspace_id"],
        "accounts:members": ["workspace_id"],
        "accounts:change_role": ["workspace_id", "membership_id"],
        "accounts:hand_over": ["workspace_id", "membership_id"],
        "accounts:invite_again": ["workspace_id", "invitation_id"],
        "accounts:uninvite": ["workspace_id", "invitation_id"],
        "accounts:invitation": ["secret"],
        "leaving:leave": ["workspace_id"],
        "leaving:remove": ["workspace_id", "membership_id"],
        "leaving:delete_workspace": ["workspace_id"],
        "leaving:log": ["workspace_id"],
        "leaving:copy": ["workspace_id"],
    }
    return reverse(name, args=[target[each] for each in carried.get(name, [])])


def outcome(browser: Client, act: tuple[str, str], target: dict[str, object]) -> int | str:
    """The status, or "log in" where a visitor is sent to do so. What it changes is undone."""
    method, name = act
    with transaction.atomic():
        answer = getattr(browser, method)(address(name, target), {"nothing": "useful"})
        transaction.set_rollback(True)
    leads_to = answer.headers.get("Location", "")
    return "log in" if leads_to.startswith(reverse("account_login")) else answer.status_code


@pytest.mark.parametrize("who", EVERYBODY)
def test_what_each_role_may_do(settings, tmp_path, target, visitor, who):
    settings.MEDIA_ROOT = tmp_path
    browser, found = visitor(who), {}
    for act in TABLE:
        found[act] = outcome(browser, act, target)
    assert found == {act: cells[EVERYBODY.index(who)] for act, cells in TABLE.items()}
