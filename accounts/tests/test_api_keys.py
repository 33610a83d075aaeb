"""API keys: made on a page, shown once, revoked at once, and never above their owner."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import ApiKey, Membership, Role, Scope, Workspace
from accounts.permissions import Right, limited_to, may, require
from accounts.tests.browser import browser_of, press, words
from accounts.tests.program import Program

pytestmark = [pytest.mark.django_db]

KEYS = reverse("accounts:keys")


def make(user, **fields):
    membership = Membership.objects.get(user=user, workspace=Workspace.personal_for(user))
    given = {"name": "Nightly upload", "membership": membership.pk, "scopes": "read", "days": "90"}
    return press(browser_of(user), KEYS, KEYS, **given | fields)


def test_alice_makes_a_key_and_sees_it_once(alice):
    page = words(make(alice))

    [secret] = re.findall(r"sms_\w{8}_[\w-]{43}", page)
    assert Program(secret).get("/users/me").json()["username"] == "alice"
    key = ApiKey.objects.get()
    assert (key.name, key.scopes, key.expires_at is not None) == ("Nightly upload", ["read"], True)
    assert secret not in str(list(ApiKey.objects.values()))
    later = words(browser_of(alice).get(KEYS))
    assert secret not in later
    assert f"sms_{key.prefix}_…" in later


def test_alice_revokes_it(alice):
    [secret] = re.findall(r"sms_\w{8}_[\w-]{43}", words(make(alice)))
    key = ApiKey.objects.get()

    press(browser_of(alice), KEYS, reverse("accounts:revoke_key", args=[key.pk]))

    assert Program(secret).get("/users/me").status_code == 401
    assert "Nightly upload" not in words(browser_of(alice).get(KEYS)).split("Make a key")[0][-200:]


def test_bob_revokes_nothing_of_hers(alice, bob):
    make(alice)

    answer = browser_of(bob).post(reverse("accounts:revoke_key", args=[ApiKey.objects.get().pk]))

    assert answer.status_code in {403, 404}
    assert ApiKey.objects.get().revoked_at is None


def test_nobody_gives_a_key_more_than_they_have(alice, bob):
    shared = Workspace.personal_for(bob)
    membership = shared.memberships.create(user=alice, role=Role.VIEWER)

    page = words(make(alice, membership=str(membership.pk), scopes="publish"))

    assert "As viewer you may not: schedule, publish and cancel." in page
    assert not ApiKey.objects.exists()


def test_nobody_makes_a_key_to_a_workspace_of_others(alice, bob):
    theirs = Membership.objects.get(user=bob)

    assert make(alice, membership=str(theirs.pk)).status_code == 422
    assert not ApiKey.objects.exists()


def test_access_tokens_end_at_a_press(alice):
    me = Program(alice)

    press(browser_of(alice), KEYS, reverse("accounts:end_tokens"))

    assert me.get("/users/me").status_code == 401


def test_within_its_limits_nobody_has_more_than_the_key(alice, bob):
    workspace, shared = Workspace.personal_for(alice), Workspace.personal_for(bob)
    shared.memberships.create(user=alice, role=Role.EDITOR)

    with limited_to([Scope.READ, Scope.WRITE], workspace):
        allowed = {right for right in Right if may(alice, right, workspace)}
        assert allowed == {Right.SEE, Right.WRITE}
        assert not any(may(alice, right, shared) for right in Right)
        with pytest.raises(PermissionDenied):
            require(alice, Right.PUBLISH, workspace)
    assert may(alice, Right.PUBLISH, workspace)


def test_a_role_that_was_lowered_lowers_its_keys(alice, bob):
    shared = Workspace.personal_for(bob)
    shared.memberships.create(user=alice, role=Role.VIEWER)

    with limited_to([Scope.PUBLISH], shared):
        assert not may(alice, Right.PUBLISH, shared)
