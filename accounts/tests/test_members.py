"""Who is in a workspace, as what: it always has an owner, and who goes loses everything."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections, transaction
from django.urls import reverse

from accounts import inviting, members, workspaces
from accounts.models import Act, AuditEntry, Invitation, Membership, Role, Scope, Workspace, note
from accounts.tests.browser import browser_of, press, words
from accounts.tests.program import Program, code, key_of

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def join(make_person, workspace) -> Callable[..., Membership]:
    """Somebody becomes a member of Alice's workspace."""

    def joined(name: str, role: Role) -> Membership:
        return workspace.memberships.create(user=make_person(name), role=role)

    return joined


def roles(workspace: Workspace) -> dict[str, str]:
    return dict(workspace.memberships.values_list("user__username", "role"))


def said(workspace: Workspace) -> list[str]:
    """The log, first thing first."""
    return [str(entry) for entry in workspace.audit_entries.order_by("pk")]


def test_alice_founds_a_workspace(alice):
    browser, page = browser_of(alice), reverse("accounts:workspaces")

    answer = press(browser, page, page, name="Studio")

    studio = Workspace.objects.get(name="Studio")
    assert answer["Location"] == reverse("accounts:members", args=[studio.pk])
    assert roles(studio) == {"alice": "owner"}
    assert said(studio) == ["alice made this workspace"]
    assert "“Studio” is made, and you are in it." in words(browser.get(answer["Location"]))


def test_alice_renames_it_and_says_how_late_is_late(alice, workspace):
    browser, page = browser_of(alice), reverse("accounts:workspace", args=[workspace.pk])

    press(browser, page, page, name="Films", late_limit_minutes="15")

    workspace.refresh_from_db()
    assert (workspace.name, workspace.late_limit_minutes) == ("Films", 15)
    assert said(workspace) == [
        "alice renamed it from “alice's workspace” to “Films”",
        "alice changed how late a post may go out from the rule of this site to 15 minutes",
    ]
    press(browser, page, page, name="Films", late_limit_minutes="15")
    assert len(said(workspace)) == 2  # nothing changed, nothing is said


def test_a_role_changes(alice, workspace, join):
    carol = join("carol", Role.VIEWER)
    page = reverse("accounts:members", args=[workspace.pk])
    act = reverse("accounts:change_role", args=[workspace.pk, carol.pk])

    press(browser_of(alice), page, act, role="editor")

    assert roles(workspace) == {"alice": "owner", "carol": "editor"}
    assert said(workspace) == ["alice made carol editor instead of viewer"]


def test_a_role_that_does_not_exist_changes_nothing(alice, workspace, join):
    carol = join("carol", Role.VIEWER)
    page = reverse("accounts:members", args=[workspace.pk])
    act = reverse("accounts:change_role", args=[workspace.pk, carol.pk])

    press(browser_of(alice), page, act, role="king")

    assert roles(workspace) == {"alice": "owner", "carol": "viewer"}


def test_the_only_owner_stays_one(alice, workspace, join):
    join("carol", Role.EDITOR)
    mine = workspace.memberships.get(user=alice)

    for change in (
        lambda: members.change_role(mine, Role.EDITOR, by=alice),
        lambda: members.end(mine, by=alice),
    ):
        with pytest.raises(members.StaysOwned, match="Make another member its owner first"):
            change()

    assert roles(workspace) == {"alice": "owner", "carol": "editor"}
    assert said(workspace) == []


def test_an_owner_who_was_switched_off_does_not_count(alice, workspace, join):
    carol = join("carol", Role.OWNER)
    carol.user.is_active = False
    carol.user.save()

    with pytest.raises(members.StaysOwned):
        members.end(workspace.memberships.get(user=alice), by=alice)
    with pytest.raises(members.StaysOwned):
        members.hand_over(carol, by=alice)


def test_alice_hands_over(alice, workspace, join):
    carol = join("carol", Role.EDITOR)
    inviting.invite(workspace, "dora@example.com", Role.OWNER, by=alice)
    page = reverse("accounts:members", args=[workspace.pk])
    act = reverse("accounts:hand_over", args=[workspace.pk, carol.pk])

    answer = press(browser_of(alice), page, act)

    assert answer["Location"] == page
    assert roles(workspace) == {"alice": "editor", "carol": "owner"}
    assert said(workspace)[-1] == "alice handed the workspace over to carol"
    assert Invitation.objects.unanswered().count() == 0  # whoever may invite no more


def test_who_leaves_their_first_workspace_gets_another(alice, workspace, join):
    join("carol", Role.OWNER)

    members.end(workspace.memberships.get(user=alice), by=alice)

    assert roles(workspace) == {"carol": "owner"}
    own = Workspace.personal_for(alice)
    assert own != workspace
    assert roles(own) == {"alice": "owner"}


def test_who_is_removed_loses_everything_at_once(alice, workspace, join):
    carol = join("carol", Role.OWNER)
    browser = browser_of(carol.user)
    page = reverse("accounts:workspace", args=[workspace.pk])
    key = Program(key_of(carol.user, workspace, Scope.READ))
    token = Program(carol.user, workspace=workspace)
    inviting.invite(workspace, "carols-other-self@example.com", Role.OWNER, by=carol.user)
    assert browser.get(page).status_code == 200
    assert [each.get("/posts/").status_code for each in (key, token)] == [200, 200]

    members.end(carol, by=alice)

    assert browser.get(page).status_code == 404
    assert code(key.get("/posts/")) == (401, "key_invalid")
    assert code(token.get("/posts/")) == (404, "workspace_not_found")
    assert Invitation.objects.unanswered().count() == 0
    assert said(workspace)[-1] == "alice removed carol, who was owner"


def test_nobody_manages_without_the_right(alice, bob, workspace, join):
    carol = join("carol", Role.EDITOR)
    hers = workspace.memberships.get(user=alice)

    for who in (carol.user, bob):
        for act in (
            lambda by: members.change_role(carol, Role.OWNER, by=by),
            lambda by: members.end(hers, by=by),
            lambda by: members.hand_over(carol, by=by),
            lambda by: members.add(workspace, bob, Role.OWNER, by=by),
            lambda by: workspaces.change(workspace, name="Bob's", late_limit_minutes=0, by=by),
            lambda by: inviting.invite(workspace, "bob@example.com", Role.OWNER, by=by),
        ):
            with pytest.raises(PermissionDenied):
                act(who)

    assert roles(workspace) == {"alice": "owner", "carol": "editor"}
    assert said(workspace) == []


def at_once(*acts: Callable[[], None]) -> list[str]:
    """All of them in the same moment; the name of what each raised."""
    start, ends = Barrier(len(acts)), []

    def one(act: Callable[[], None]) -> None:
        start.wait()
        try:
            act()
            ends.append("done")
        except (members.StaysOwned, members.NoMember, PermissionDenied) as error:
            ends.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [Thread(target=one, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


@pytest.mark.sqlite_too
@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_leave_at_once_one_stays(alice, workspace, join):
    both = [workspace.memberships.get(user=alice), join("carol", Role.OWNER)]

    ends = at_once(*(lambda each=each: members.end(each, by=each.user) for each in both))

    assert ends == ["StaysOwned", "done"]
    assert list(roles(workspace).values()) == ["owner"]


@pytest.mark.sqlite_too
@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_remove_each_other_one_stays(alice, workspace, join):
    hers, carol = workspace.memberships.get(user=alice), join("carol", Role.OWNER)

    ends = at_once(lambda: members.end(carol, by=alice), lambda: members.end(hers, by=carol.user))

    assert ends == ["PermissionDenied", "done"]
    assert list(roles(workspace).values()) == ["owner"]


def test_the_log_is_never_rewritten(alice, workspace):
    with transaction.atomic():
        note(workspace, Act.LEFT, by=alice, before="owner")
    [entry] = AuditEntry.objects.all()

    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        AuditEntry.objects.update(before="viewer")


def test_who_was_deleted_is_a_former_member(alice, workspace, join):
    carol = join("carol", Role.OWNER)
    members.change_role(workspace.memberships.get(user=alice), Role.VIEWER, by=carol.user)
    members.change_role(workspace.memberships.get(user=alice), Role.OWNER, by=carol.user)
    members.change_role(carol, Role.EDITOR, by=alice)

    carol.user.delete()

    assert said(workspace) == [
        "A former member made alice viewer instead of owner",
        "A former member made alice owner instead of viewer",
        "alice made a former member editor instead of owner",
    ]


@pytest.mark.django_db(transaction=True)
def test_a_note_without_its_change_is_a_mistake(alice, workspace):
    with pytest.raises(transaction.TransactionManagementError):
        note(workspace, Act.LEFT, by=alice)
