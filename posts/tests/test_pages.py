"""The list of posts and the page of one: what they show, to whom, and how often they ask."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from posts.models import Media, Post, Publication
from posts.report import report_of, without_secrets
from posts.states import State
from posts.tests.people import browser_of, member, words
from posts.tests.plain_platform import a_channel, a_medium, a_publication, register_plain
from posts.tests.walk import bring

pytestmark = pytest.mark.django_db

LIST = reverse("posts:list")


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    return register_plain(monkeypatch)


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


def detail_of(publication):
    return reverse("posts:detail", args=[publication.post_id])


@pytest.mark.parametrize("htmx", [False, True])
def test_the_list_asks_the_database_as_often_for_thirty_posts_as_for_one(
    alice, channel, django_assert_num_queries, htmx
):
    browser = browser_of(alice)
    headers = {"HX-Request": "true"} if htmx else {}
    many_posts(alice, channel, 1)
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
        return sorted(row.caption for row in browser.get(LIST, query).context["rows"])

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

    assert [row.caption for row in page.context["rows"]] == [
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


def test_a_new_person_is_led_by_three_steps(alice, workspace):
    assert "Connect an account" in words(browser_of(alice).get(LIST))

    a_channel(workspace)
    page = browser_of(alice).get(LIST)
    assert page.context["step"] == "upload"


def test_what_a_person_wrote_never_becomes_markup(alice, channel):
    publication = a_publication(alice, channel, caption='<script>alert("x")</script>')
    Media.objects.update(name="<i>n</i>.mp4")
    browser = browser_of(alice)

    for address in (LIST, detail_of(publication)):
        page = browser.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<i>n</i>" not in page
        assert "&lt;script&gt;alert" in page


def test_strangers_find_nothing(bob, alice, channel):
    publication = bring(a_publication(alice, channel), State.UNCONFIRMED, by=alice)
    browser = browser_of(bob)

    assert browser.get(detail_of(publication)).status_code == 404
    assert browser.get(reverse("posts:state", args=[publication.pk])).status_code == 404
    assert browser.get(LIST).context["rows"] == []


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("role", list(Role))
def test_the_page_of_a_post_stands_in_every_state(alice, workspace, channel, state, role):
    publication = bring(a_publication(alice, channel), state, by=alice)

    page = browser_of(member(workspace, role), workspace).get(detail_of(publication))

    assert page.status_code == 200
    assert f"badge state-{state}" in page.content.decode()


def test_the_state_is_fetched_again_only_when_it_has_changed(alice, channel):
    publication = a_publication(alice, channel)
    publication.schedule(timezone.now() + timedelta(seconds=30), by=alice)
    browser = browser_of(alice)
    page = browser.get(detail_of(publication))
    story = page.context["stories"][0]
    address = reverse("posts:state", args=[publication.pk])
    assert f'hx-get="{address}?seen={story.fingerprint}" hx-trigger="every 2s"' in words(page)

    assert browser.get(address, {"seen": story.fingerprint}).status_code == 204
    publication.pause(by=alice)
    changed = browser.get(address, {"seen": story.fingerprint})

    assert changed.status_code == 200
    assert "badge state-held" in changed.content.decode()
    assert "hx-trigger" not in changed.content.decode()


def test_while_it_is_sent_the_bytes_are_told(alice, channel):
    publication = bring(a_publication(alice, channel), State.SENDING, by=alice)
    publication.attempts.update(
        size=48_000_000, chunk_size=10_000_000, chunk_count=4, confirmed_bytes=20_000_000
    )
    browser = browser_of(alice)
    seen = browser.get(detail_of(publication)).context["stories"][0].fingerprint

    answer = browser.get(reverse("posts:state", args=[publication.pk]), {"seen": seen})

    assert answer.headers["HX-Retarget"] == f"#sent-{publication.pk}"
    assert "20.0 MB of 48.0 MB" in words(answer)
    assert "41 %" in words(answer)


def test_after_publishing_the_page_says_that_it_may_take_minutes(alice, channel):
    publication = bring(a_publication(alice, channel), State.PUBLISHED, by=alice)

    page = words(browser_of(alice).get(detail_of(publication)))

    assert "It may take a few minutes until the post is processed and visible" in page
    assert "on time" in page


def test_a_delivered_draft_says_where_to_finish_it(alice, channel):
    publication = bring(a_publication(alice, channel), State.DELIVERED, by=alice)

    page = words(browser_of(alice).get(detail_of(publication)))

    assert "Open the notification there" in page
    assert "I posted it" in page


def test_the_history_tells_who_and_why(alice, channel):
    publication = bring(a_publication(alice, channel), State.HELD, by=alice)

    page = words(browser_of(alice).get(detail_of(publication)))

    assert "Approved and scheduled, by alice." in page
    assert "Paused, by alice." in page


def test_a_report_names_codes_and_no_secret(alice, channel):
    publication = bring(a_publication(alice, channel), State.FAILED, by=alice)
    publication.attempts.update(
        upload_url_sealed="sealed",
        last_answer={"log_id": "2026X", "upload_url": "https://u/?token=hush", "a": "act.hush"},
    )
    publication.note("asked", details={"refresh_token": "rft.hush", "code": "no_luck"})

    report = report_of(publication)

    assert "publish_id plain-" in report
    assert "2026X" in report
    assert "no_luck" in report
    assert "hush" not in report
    assert "sealed" not in report


def test_secrets_are_found_wherever_they_hide():
    told = {"a": [{"Access_Token": "x", "b": "Bearer abc"}], "url": "https://h/p?sig=1", "n": 3}

    assert json.dumps(without_secrets(told)) == json.dumps(
        {"a": [{"Access_Token": "[removed]", "b": "[removed]"}], "url": "[removed]", "n": 3}
    )


def test_a_removed_post_can_be_put_back(alice, channel):
    publication = bring(a_publication(alice, channel), State.PUBLISHED, by=alice)
    browser = browser_of(alice)

    browser.post(reverse("posts:archive", args=[publication.post_id]))
    assert browser.get(LIST).context["rows"] == []
    assert "Put it back" in words(browser.get(detail_of(publication)))

    browser.post(reverse("posts:unarchive", args=[publication.post_id]))
    assert len(browser.get(LIST).context["rows"]) == 1


def test_a_copy_opens_in_the_composer(alice, channel):
    publication = bring(a_publication(alice, channel), State.PUBLISHED, by=alice)

    answer = browser_of(alice).post(reverse("posts:duplicate", args=[publication.post_id]))

    copy = Post.objects.first()
    assert copy.pk != publication.post_id
    assert answer.headers["Location"] == reverse("posts:edit", args=[copy.pk])
