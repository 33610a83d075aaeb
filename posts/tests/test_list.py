"""The list of posts: what it shows, finds, and how often it asks the database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from accounts.tests.browser import press
from posts.models import Post, Publication
from posts.states import State
from posts.tests.people import browser_of, words
from posts.tests.plain_platform import a_channel, a_medium, a_publication
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain")]

LIST = reverse("posts:list")


@pytest.fixture
def channel(workspace):
    return a_channel(workspace)


def many_posts(author, channel, count):
    """Posts of several states, each with a video of its own."""
    for number in range(count):
        medium = a_medium(channel.workspace, f"sunrise-{number}.mp4")
        post = Post.objects.create(
            workspace=channel.workspace, author=author, caption=f"Sunrise {number}"
        )
        post.set_media([medium])
        publication = Publication.objects.create(post=post, channel=channel)
        if number % 3 != 2:
            publication.schedule(timezone.now() + timedelta(hours=number + 1), by=author)


@pytest.mark.parametrize("htmx", [False, True])
def test_the_list_asks_the_database_as_often_for_thirty_posts_as_for_one(
    alice, channel, django_assert_num_queries, htmx
):
    browser = browser_of(alice)
    headers = {"HX-Request": "true"} if htmx else {}
    many_posts(alice, channel, 1)
    browser.get(LIST)  # the first page of a browser writes down which one it is
    with CaptureQueriesContext(connection) as for_one:
        browser.get(LIST, headers=headers)
    many_posts(alice, channel, 29)

    with django_assert_num_queries(len(for_one)):
        page = browser.get(LIST, headers=headers)

    assert len(page.context["rows"]) == 20
    assert page.context["page_obj"].paginator.count == 30


def test_the_second_page_has_the_rest_and_keeps_the_filters(alice, channel):
    many_posts(alice, channel, 30)

    page = browser_of(alice).get(LIST, {"text": "sunrise", "page": "2"})

    assert len(page.context["rows"]) == 10
    assert 'href="?text=sunrise&amp;page=1"' in page.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"state": "nonsense"},
        {"state": "\x00"},
        {"text": "a\x00b"},
        {"account": "x'; --"},
        {"account": "9" * 50},
        {"page": "-1"},
        {"page": "last"},
        {"text": "%"},
    ],
)
def test_whatever_an_address_says_the_list_shows(alice, channel, query):
    many_posts(alice, channel, 1)

    assert browser_of(alice).get(LIST, query).status_code == 200


def test_the_list_is_filtered_by_state_account_and_words(alice, workspace, channel):
    moon = a_channel(workspace, "moonlight")
    bring(a_publication(alice, channel, caption="A failed sunrise"), State.FAILED, by=alice)
    a_publication(alice, moon, caption="A moonlit draft")
    Post.objects.create(workspace=workspace, author=alice, caption="A bare idea")
    browser = browser_of(alice)

    def found(**query):
        return sorted(row.words for row in browser.get(LIST, query).context["rows"])

    assert found() == ["A bare idea", "A failed sunrise", "A moonlit draft"]
    assert found(state="failed") == ["A failed sunrise"]
    assert found(state="attention") == ["A failed sunrise"]
    assert found(state="draft") == ["A bare idea", "A moonlit draft"]
    assert found(account=moon.pk) == ["A moonlit draft"]
    assert found(text="SUNRISE") == ["A failed sunrise"]
    assert found(state="failed", text="moon") == []


def test_scheduled_posts_come_in_the_order_in_which_they_go(alice, channel):
    many_posts(alice, channel, 6)

    page = browser_of(alice).get(LIST, {"state": "scheduled"})

    assert [row.words for row in page.context["rows"]] == [
        "Sunrise 0", "Sunrise 1", "Sunrise 3", "Sunrise 4",
    ]  # fmt: skip


def test_a_list_looks_again_only_while_something_moves(alice, channel):
    publication = a_publication(alice, channel)
    browser = browser_of(alice)
    assert 'id="rows">' in browser.get(LIST).content.decode()

    publication.schedule(timezone.now() + timedelta(seconds=30), by=alice)
    assert 'hx-trigger="every 3s"' in browser.get(LIST).content.decode()

    publication.reschedule(timezone.now() + timedelta(days=1), by=alice)
    assert 'hx-trigger="every 30s"' in browser.get(LIST).content.decode()


def test_a_new_person_is_led_by_three_steps(alice, workspace, sandbox):
    assert "Connect an account" in words(browser_of(alice).get(LIST))
    sent_on = press(browser_of(alice), LIST, reverse("tiktok:connect"))
    assert sent_on["Location"].startswith(sandbox.url)

    a_channel(workspace)
    page = browser_of(alice).get(LIST)
    assert page.context["step"] == "upload"


def test_who_may_write_and_not_connect_is_led_to_the_accounts(bob, workspace):
    workspace.memberships.create(user=bob, role=Role.CONTRIBUTOR)
    page = words(browser_of(bob, workspace).get(LIST))

    assert reverse("tiktok:connect") not in page
    assert f'<a class="button button-primary" href="{reverse("accounts:channels")}">' in page
