"""The operator's desk: who gets in, what is shown, what can be done, and what never is."""

import re

import pytest
from allauth.mfa.models import Authenticator
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
from django.urls import reverse

from accounts.models import User
from posts.states import State

pytestmark = pytest.mark.django_db

PASSWORD = "sesame street 9"
PUBLICATIONS = "/admin/posts/publication/"


@pytest.fixture(autouse=True)
def _limits_forgotten():
    cache.clear()


def log_in(client, user: User, **also):
    return client.post(
        reverse("account_login"), {"login": user.username, "password": PASSWORD} | also
    )


def code_of(secret: str) -> str:
    counter = next(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counter))


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
    cancel = {"action": "cancel", "_selected_action": [publication.pk], "index": 0}
    client.post(PUBLICATIONS, cancel)
    publication.refresh_from_db()
    assert publication.state == State.SCHEDULED


# What is shown


def all_pages() -> list[str]:
    """Every list, and the page of every row, of everything that is registered."""
    pages = ["/admin/", "/admin/password_change/"]
    for model in admin.site._registry:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        rows = model._default_manager.values_list("pk", flat=True)
        pages += [base] + [f"{base}{pk}/change/" for pk in rows]
        pages += [f"{base}{pk}/history/" for pk in rows]
    return pages


def test_the_desk_is_put_together_without_a_mistake():
    assert admin.site.check(None) == []


def test_no_page_shows_a_token_or_a_secret(desk, everything):
    assert all(everything["secrets"])
    pages = all_pages()
    assert "/admin/mfa/authenticator/" in pages
    for page in pages:
        response = desk.get(page)
        assert response.status_code == 200, page
        shown = [secret for secret in everything["secrets"] if secret in response.text]
        assert shown == [], page


@pytest.mark.parametrize(
    ("page", "guess"),
    [
        ("mfa/authenticator", "data__secret__startswith=A"),
        ("accounts/channel", "access_token_sealed__startswith=g"),
        ("accounts/channel", "refresh_token_sealed__regex=^g"),
        ("posts/publication", "attempts__upload_url_sealed__startswith=g"),
    ],
)
def test_no_filter_lets_anybody_guess_at_a_secret(desk, everything, page, guess):
    assert desk.get(f"/admin/{page}/?{guess}").status_code == 400


@pytest.mark.parametrize(
    ("page", "filter_"),
    [
        ("posts/publication", "channel__platform=tiktok"),
        ("posts/publication", "due_at__year=2026"),
        ("posts/media", "created_at__year=2026&state=ready"),
        ("accounts/channel", "health__exact=connected"),
        ("posts/heartbeat", "kind__exact=worker"),
    ],
)
def test_what_the_page_offers_filters_it(desk, everything, page, filter_):
    assert desk.get(f"/admin/{page}/?{filter_}").status_code == 200


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
