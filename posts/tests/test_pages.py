"""The page of a post: what it tells, to whom, and how it follows what happens."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from posts.models import Media, Post
from posts.report import report_of, without_secrets
from posts.states import State
from posts.tests.people import browser_of, member, words
from posts.tests.plain_platform import a_channel, a_publication
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain")]

LIST = reverse("posts:list")


@pytest.fixture
def channel(workspace):
    return a_channel(workspace)


def detail_of(publication):
    return reverse("posts:detail", args=[publication.post_id])


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
    seen = {"seen": story.fingerprint, "every": "2"}
    assert f'hx-get="{address}?seen={story.fingerprint}&every=2" hx-trigger="every 2s"' in words(
        page
    )

    assert browser.get(address, seen).status_code == 204
    publication.pause(by=alice)
    changed = browser.get(address, seen)

    assert changed.status_code == 200
    assert "badge state-held" in changed.content.decode()
    assert "hx-trigger" not in changed.content.decode()


def test_shortly_before_its_time_the_page_looks_more_often_and_disturbs_nobody(alice, channel):
    publication = a_publication(alice, channel)
    publication.schedule(timezone.now() + timedelta(minutes=1), by=alice)
    browser = browser_of(alice)
    seen = browser.get(detail_of(publication)).context["stories"][0].fingerprint

    answer = browser.get(
        reverse("posts:state", args=[publication.pk]), {"seen": seen, "every": "15"}
    )

    assert answer.headers["HX-Retarget"] == f"#poll-{publication.pk}"
    assert 'hx-trigger="every 2s"' in words(answer)
    assert "<form" not in words(answer)


def test_while_it_is_sent_the_bytes_are_told(alice, channel):
    publication = bring(a_publication(alice, channel), State.SENDING, by=alice)
    publication.attempts.update(
        size=48_000_000, chunk_size=10_000_000, chunk_count=4, confirmed_bytes=20_000_000
    )
    browser = browser_of(alice)
    seen = browser.get(detail_of(publication)).context["stories"][0].fingerprint

    answer = browser.get(
        reverse("posts:state", args=[publication.pk]), {"seen": seen, "every": "2"}
    )

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
