"""The operator's desk: who gets in, what is shown, what can be done, and what never is."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Channel, User, Workspace
from posts.errors import IllegalMove
from posts.models import Heartbeat, Media, Post, Publication
from posts.models.heartbeat import Kind
from posts.states import HeldReason, State
from posts.tests.walk import bring

pytestmark = pytest.mark.django_db

PASSWORD = "sesame street 9"
PUBLICATIONS = "/admin/posts/publication/"


@pytest.fixture(autouse=True)
def _limits_forgotten():
    cache.clear()


@pytest.fixture
def olga(make_person) -> User:
    """An operator, and a member of nobody's workspace but her own."""
    return make_person("olga", is_staff=True, is_superuser=True)


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


def log_in(client, user: User, **also):
    return client.post(
        reverse("account_login"), {"login": user.username, "password": PASSWORD} | also
    )


def code_of(secret: str) -> str:
    counter = next(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counter))


def act(desk, action: str, *publications: Publication) -> list[str]:
    """Choose rows of the list, take an action, and return what the page says then."""
    rows = [publication.pk for publication in publications]
    response = desk.post(
        PUBLICATIONS, {"action": action, "_selected_action": rows, "index": 0}, follow=True
    )
    return [str(message) for message in response.context["messages"]]


# Who gets in


def test_a_stranger_is_sent_to_our_own_log_in(client):
    response = client.get("/admin/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")
    response = client.get("/admin/", follow=True)
    assert [address for address, _ in response.redirect_chain][-1].startswith("/account/login/")


def test_the_admins_own_log_in_takes_no_password(client, olga):
    response = client.post("/admin/login/", {"username": olga.username, "password": PASSWORD})
    assert response.headers["Location"].startswith("/account/login/")
    assert "_auth_user_id" not in client.session


def test_two_factor_guards_the_admin_too(client, olga):
    secret = generate_totp_secret()
    TOTP.activate(olga, secret)

    response = log_in(client, olga, next="/admin/")
    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert client.get("/admin/").status_code == 302

    response = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert response.headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_person_who_is_no_staff_is_refused(client, alice):
    client.force_login(alice)
    assert client.get("/admin/", follow=True).status_code == 403


def test_staff_sees_what_it_may_and_can_do_nothing(client, make_person, plan):
    publication = plan(minutes=60)
    stan = make_person("stan", is_staff=True)
    stan.user_permissions.add(Permission.objects.get(codename="view_publication"))
    log_in(client, stan)

    assert client.get(PUBLICATIONS).status_code == 200
    assert client.get(f"{PUBLICATIONS}{publication.pk}/change/").status_code == 200
    assert client.get("/admin/accounts/user/").status_code == 403
    act(client, "cancel", publication)
    publication.refresh_from_db()
    assert publication.state == State.SCHEDULED


# What is shown


@pytest.fixture
def everything(plan, alice, channel):
    """A publication with an attempt whose address is alive, and all that hangs on it."""
    publication = bring(plan(), State.SENDING, by=alice)
    attempt = publication.attempts.get()
    attempt.upload_url = "https://upload.tiktokapis.test/video/?upload_token=top-secret"
    attempt.last_answer = {"log_id": "20261122LOG", "code": "ok"}
    attempt.save()
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)
    RecoveryCodes.activate(alice)
    return {
        "publication": publication,
        "secrets": [
            channel.access_token,
            channel.refresh_token,
            channel.access_token_sealed,
            channel.refresh_token_sealed,
            attempt.upload_url,
            attempt.upload_url_sealed,
            "top-secret",
            secret,
        ],
    }


def all_pages() -> list[str]:
    """Every list, and the page of every row, of everything that is registered."""
    pages = ["/admin/", "/admin/password_change/"]
    for model in admin.site._registry:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        rows = model._default_manager.values_list("pk", flat=True)
        pages += [base] + [f"{base}{pk}/change/" for pk in rows]
        pages += [f"{base}{pk}/history/" for pk in rows]
    return pages


def test_no_page_shows_a_token_or_a_secret(desk, everything):
    assert all(everything["secrets"])
    pages = all_pages()
    assert "/admin/mfa/authenticator/" in pages
    for page in pages:
        response = desk.get(page)
        assert response.status_code == 200, page
        shown = [secret for secret in everything["secrets"] if secret in response.text]
        assert shown == [], page


def test_the_page_of_a_publication_tells_its_whole_story(desk, everything):
    page = desk.get(f"{PUBLICATIONS}{everything['publication'].pk}/change/").text
    publication = everything["publication"]
    for expected in (
        publication.attempts.get().publish_id,
        "20261122LOG",
        publication.approval.digest,
        "approved and scheduled",
        "PUBLIC_TO_EVERYONE",
    ):
        assert expected in page


def test_history_can_not_be_written_over(desk, everything):
    page = f"{PUBLICATIONS}{everything['publication'].pk}/"
    shown = desk.get(page + "change/").text
    main = shown[shown.index('<div id="content-main">') : shown.index('<footer id="footer">')]
    inputs = re.findall(r"<(?:input|select|textarea)[^>]*>", main)
    assert [each for each in inputs if 'type="hidden"' not in each] == []
    assert desk.post(page + "change/", {"state": "published"}).status_code == 403
    assert desk.get(page + "delete/").status_code == 403
    assert desk.post(page + "delete/", {"post": "yes"}).status_code == 403
    assert desk.get(f"{PUBLICATIONS}add/").status_code == 403


@pytest.mark.parametrize("name", ["accounts/user", "accounts/workspace", "accounts/channel"])
def test_people_and_what_is_theirs_are_never_deleted_here(desk, name, alice, workspace, channel):
    row = {"accounts/user": alice, "accounts/workspace": workspace}.get(name, channel)
    assert desk.post(f"/admin/{name}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "delete_selected" not in desk.get(f"/admin/{name}/").text


def test_who_lost_their_phone_gets_in_again(desk, alice):
    TOTP.activate(alice, generate_totp_secret())
    theirs = Authenticator.objects.filter(user=alice)
    desk.post(f"/admin/mfa/authenticator/{theirs.get().pk}/delete/", {"post": "yes"})
    assert theirs.count() == 0


def test_an_operator_adds_a_member(desk, workspace, bob):
    alices = workspace.memberships.get()
    desk.post(
        f"/admin/accounts/workspace/{workspace.pk}/change/",
        {
            "name": workspace.name,
            "late_limit_minutes": "",
            "memberships-TOTAL_FORMS": 2,
            "memberships-INITIAL_FORMS": 1,
            "memberships-0-id": alices.pk,
            "memberships-0-workspace": workspace.pk,
            "memberships-0-user": alices.user_id,
            "memberships-0-role": "owner",
            "memberships-1-workspace": workspace.pk,
            "memberships-1-user": bob.pk,
            "memberships-1-role": "editor",
        },
    )
    members = workspace.memberships.values_list("user__username", "role")
    assert sorted(members) == [("alice", "owner"), ("bob", "editor")]


# What can be done


def test_what_is_planned_can_be_stopped_and_resumed(desk, olga, plan):
    publication = plan(minutes=60)

    assert act(desk, "pause", publication) == ["1 paused."]
    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == (State.HELD, HeldReason.PERSON)
    assert publication.events.last().by == olga

    assert act(desk, "resume", publication) == ["1 resumed."]
    assert act(desk, "cancel", publication) == ["1 canceled, or asked to stop."]
    publication.refresh_from_db()
    assert publication.state == State.CANCELED


def test_what_failed_can_be_tried_again(desk, plan, alice):
    publication = bring(plan(), State.FAILED, by=alice)
    assert act(desk, "retry", publication) == ["1 will be tried again now."]
    publication.refresh_from_db()
    assert publication.state == State.SCHEDULED


def test_what_is_unconfirmed_can_be_checked_again(desk, plan, alice):
    publication = bring(plan(), State.UNCONFIRMED, by=alice)
    assert act(desk, "check_again", publication) == ["1 will be checked again now."]
    publication.refresh_from_db()
    assert publication.state == State.PROCESSING


def test_what_can_not_be_done_is_said_for_each(desk, plan, alice, connect, workspace):
    waiting = plan(minutes=60)
    out = bring(plan(caption="Out", to=connect(workspace, "alice.two")), State.PUBLISHED, by=alice)

    said = act(desk, "cancel", waiting, out)

    assert sorted(said) == [
        "1 canceled, or asked to stop.",
        f"Out to Alice.Two: {IllegalMove.for_people}",
    ]


# How it is found, and what that costs


@pytest.mark.parametrize(
    "words",
    ["plain-", "20261122LOG", "Sunrise", "alice@example.com", "alice.films"],
    ids=["publish_id", "log_id", "caption", "e-mail", "handle"],
)
def test_support_finds_a_publication_by_what_a_mail_contains(desk, everything, words):
    assert "1 publication" in desk.get(PUBLICATIONS, {"q": words}).text
    assert "0 publications" in desk.get(PUBLICATIONS, {"q": f"{words}?"}).text


@pytest.mark.parametrize(
    "page",
    [
        "/admin/posts/publication/",
        "/admin/posts/post/",
        "/admin/posts/media/",
        "/admin/accounts/user/",
        "/admin/accounts/workspace/",
        "/admin/accounts/channel/",
        "/admin/posts/heartbeat/",
    ],
)
def test_thirty_rows_cost_as_many_queries_as_one(page, desk, plan, alice, make_person):
    one = plan(minutes=60)
    Heartbeat.beat(Kind.WORKER, "one")
    desk.get(page)  # once, for what is looked up once a process
    with CaptureQueriesContext(connection) as for_one:
        desk.get(page)

    for number in range(29):
        one_more(number, owner=make_person(f"person-{number}"), like=one)
    with CaptureQueriesContext(connection) as for_thirty:
        response = desk.get(page)

    assert len(response.context["cl"].result_list) >= 30
    assert len(for_thirty) == len(for_one)


def one_more(number: int, *, owner: User, like: Publication) -> None:
    """One more of everything that has a list, each belonging to somebody else."""
    home = Workspace.personal_for(owner)
    channel = Channel(workspace=home, platform="tiktok", external_id=f"open-{number}")
    channel.access_token = channel.refresh_token = "a token"
    channel.save()
    Media.objects.create(workspace=home, uploaded_by=owner, name=f"{number}.mp4")
    post = Post.objects.create(workspace=home, author=owner, caption=f"Post {number}")
    Publication.objects.create(post=post, channel=channel, due_at=like.due_at)
    Heartbeat.beat(Kind.WORKER, f"worker {number}", at=timezone.now())
