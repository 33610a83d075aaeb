"""Leaving, removing and deleting, from the pages: said before it happens, refused while something
is on its way, and with a copy of everything afterwards."""

import zipfile
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Role, User, Workspace
from accounts.tests.browser import browser_of, fill_in, is_logged_in, press, words
from posts.copies import make_copy, sweep_copies
from posts.models import Notification, Post, Publication, WorkspaceCopy
from posts.states import State
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db]

ACCOUNT, COPIES = reverse("leaving:delete_account"), reverse("leaving:copies")


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


@pytest.fixture
def bobs(bob, workspace) -> Membership:
    return workspace.memberships.create(user=bob, role=Role.EDITOR)


def deletion_of(workspace: Workspace) -> str:
    return reverse("leaving:delete_workspace", args=[workspace.pk])


def by_bob(publication: Publication, bob: User) -> None:
    Post.objects.filter(pk=publication.post_id).update(author=bob)


def test_bob_is_removed_and_what_was_approved_stays(alice, bob, bobs, workspace, plan, make_person):
    carol = make_person("carol")
    workspace.memberships.create(user=carol, role=Role.OWNER)
    workspace.memberships.create(user=make_person("vera"), role=Role.EDITOR)
    publication = plan(minutes=60)
    by_bob(publication, bob)
    page = reverse("leaving:remove", args=[workspace.pk, bobs.pk])
    browser = browser_of(alice)
    said = words(browser.get(page))
    assert "Remove bob?" in said
    assert "1 approved post stays and goes out as planned." in said
    assert workspace.memberships.filter(user=bob).exists()  # asking removes nobody

    answer = press(browser, page, page)

    assert not workspace.memberships.filter(user=bob).exists()
    assert "bob is removed. 1 post of theirs stays planned." in words(
        browser.get(answer["Location"])
    )
    publication.refresh_from_db()
    assert publication.state == "scheduled"
    [told] = Notification.objects.all()  # the other owner; not Alice herself, nor an editor
    assert (told.person, told.subject) == (carol, "bob has left; 1 of their posts stay planned")


def test_open_pages_of_who_was_removed_are_closed(alice, bob, bobs, workspace, plan):
    publication = plan(minutes=60)
    theirs = browser_of(bob)
    pages = [
        reverse("posts:detail", args=[publication.post_id]),
        reverse("posts:state", args=[publication.pk]),
        reverse("accounts:members", args=[workspace.pk]),
    ]
    assert [theirs.get(page).status_code for page in pages] == [200, 200, 200]

    page = reverse("leaving:remove", args=[workspace.pk, bobs.pk])
    press(browser_of(alice), page, page)

    assert [theirs.get(page).status_code for page in pages] == [404, 404, 404]


def test_bob_leaves(bob, bobs, workspace):
    page = reverse("leaving:leave", args=[workspace.pk])
    browser = browser_of(bob)

    answer = press(browser, page, page)

    assert "You have left “alice's workspace”." in words(browser.get(answer["Location"]))
    assert [str(each) for each in workspace.memberships.all()] == [
        "alice in alice's workspace: Owner"
    ]


def test_the_only_owner_is_told_to_hand_over(alice, bobs, workspace):
    page = reverse("leaving:leave", args=[workspace.pk])

    answer = press(browser_of(alice), page, page)

    assert answer.status_code == 409
    assert "Make another member its owner first." in words(answer)


def test_deleting_asks_once_more_who_is_there(alice, workspace):
    browser = Client()
    browser.force_login(alice)

    for page in (deletion_of(workspace), ACCOUNT):
        answer = browser.get(page)
        assert answer["Location"].startswith(reverse("account_reauthenticate"))


def test_what_a_deletion_does_is_said_before(alice, bobs, workspace, draft, plan, photo):
    draft(caption="Not yet")
    plan(minutes=60)
    bring(plan(caption="Out", media=[photo]), State.PUBLISHED, by=alice)

    said = words(browser_of(alice).get(deletion_of(workspace)))

    for sentence in (
        "1 post that waits is canceled.",
        "Our access to 1 account ends.",
        "2 files",
        "1 other member loses it too.",
        "1 published post stays where it is.",
        "A copy of everything is made first.",
    ):
        assert sentence in said


def test_alice_deletes_her_workspace_and_fetches_the_copy(alice, workspace, plan):
    plan(minutes=60)
    browser, page = browser_of(alice), deletion_of(workspace)

    wrong = fill_in(browser, page, typed="my workspace")
    assert (wrong.status_code, Workspace.objects.filter(pk=workspace.pk).exists()) == (422, True)
    answer = fill_in(browser, page, typed="alice's workspace")

    assert answer["Location"] == COPIES
    assert "“alice's workspace” is deleted." in words(browser.get(COPIES))
    assert not Workspace.objects.filter(pk=workspace.pk).exists()
    [copy] = WorkspaceCopy.objects.all()
    fetched = browser.get(reverse("leaving:fetch_copy", args=[copy.pk]))
    assert fetched["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(BytesIO(b"".join(fetched.streaming_content))) as archive:
        assert archive.testzip() is None
        assert "workspace.json" in archive.namelist()


@pytest.mark.parametrize("state", [State.SENDING, State.PROCESSING])
def test_nothing_is_deleted_while_something_is_on_its_way(alice, workspace, plan, state):
    publication = bring(plan(), state, by=alice)
    browser = browser_of(alice)

    for page, name in ((deletion_of(workspace), workspace.name), (ACCOUNT, "alice")):
        shown = words(browser.get(page))
        assert "Something is on its way right now." in shown
        assert f'href="{reverse("posts:detail", args=[publication.post_id])}"' in shown
        assert "Type “" not in shown
        [token] = [browser.cookies["csrftoken"].value]
        answer = browser.post(page, {"typed": name, "csrfmiddlewaretoken": token})
        assert answer.status_code == 409

    publication.refresh_from_db()
    assert publication.state == state
    assert User.objects.filter(pk=alice.pk).exists()


def test_a_copy_is_for_who_made_it_and_while_they_own_the_workspace(alice, bob, bobs, workspace):
    page = reverse("accounts:workspace", args=[workspace.pk])
    browser = browser_of(alice)
    press(browser, page, reverse("leaving:copy", args=[workspace.pk]))
    [copy] = WorkspaceCopy.objects.all()
    fetch = reverse("leaving:fetch_copy", args=[copy.pk])
    assert browser.get(fetch).status_code == 200
    assert browser_of(bob).get(fetch).status_code == 404
    Membership.objects.filter(pk=bobs.pk).update(role=Role.OWNER)
    assert browser_of(bob).get(fetch).status_code == 404

    Membership.objects.filter(workspace=workspace, user=alice).update(role=Role.VIEWER)

    assert browser.get(fetch).status_code == 404
    assert "No copy yet" in words(browser.get(COPIES))


def test_a_copy_goes_after_a_week(alice, workspace, medium):
    copy = make_copy(workspace, by=alice)
    WorkspaceCopy.objects.update(expires_at=timezone.now())
    fresh = make_copy(workspace, by=alice)

    assert sweep_copies() == 1

    assert [default_storage.exists(each.storage_key) for each in (copy, fresh)] == [False, True]
    assert WorkspaceCopy.objects.get() == fresh


def test_alice_deletes_her_account(alice, bob, workspace, plan):
    plan(minutes=60)
    studio = Workspace.objects.create(name="Studio")
    studio.memberships.create(user=alice, role=Role.EDITOR)
    studio.memberships.create(user=bob, role=Role.OWNER)
    browser = browser_of(alice)
    shown = words(browser.get(ACCOUNT))
    assert "“alice's workspace” goes with you" in shown
    assert "“Studio” stays" in shown

    answer = fill_in(browser, ACCOUNT, typed="alice")

    assert answer["Location"] == reverse("landing")
    assert is_logged_in(browser) is False
    assert not User.objects.filter(username="alice").exists()
    assert list(Workspace.objects.values_list("name", flat=True)) == ["bob's workspace", "Studio"]
    assert str(studio.audit_entries.get()) == "A former member left, having been editor"
    assert default_storage.listdir("copies")[1] == []


def test_a_sole_owner_hands_over_before_the_account_goes(alice, bobs):
    shown = words(browser_of(alice).get(ACCOUNT))

    assert "Make another member its owner first." in shown
    assert "Delete my account" not in shown
