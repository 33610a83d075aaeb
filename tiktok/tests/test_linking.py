"""Where a published post can be seen: by status, by event, by its caption; never by guessing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Channel
from posts.models import Publication
from posts.tests.story import work, work_until_rest
from tiktok.client import TikTokClient
from tiktok.publishing.linking import without_tracking
from tiktok.tests.story import calls, live, order, tune
from tiktok.tests.telling import tell

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

AVAILABLE = "post.publish.publicly_available"
UNAVAILABLE = "post.publish.no_longer_publicaly_available"


@pytest.fixture
def silent(sandbox):
    """TikTok's status never tells a public id."""
    tune(sandbox, withhold_public_ids=True)
    return sandbox


@pytest.fixture
def publish(draft, alice, make_medium, workspace, video_file):
    """Publish something, as far as it goes by itself within seconds."""

    def publish(**content) -> Publication:
        publication = draft(media=[make_medium(workspace, video_file)], **content)
        publication.schedule(timezone.now(), by=alice)
        work()
        Publication.objects.filter(pk=publication.pk).update(next_step_at=timezone.now())
        work()
        publication.refresh_from_db()
        assert publication.state == "published"
        return publication

    return publish


@pytest.fixture
def later(time_machine):
    """Two minutes pass, and what waits for its link looks for it."""

    def later(publication: Publication) -> Publication:
        time_machine.move_to(timezone.now() + timedelta(minutes=2), tick=True)
        work()
        publication.refresh_from_db()
        return publication

    return later


def link(publication: Publication) -> tuple[str, str]:
    publication.refresh_from_db()
    return publication.platform_post_id, publication.permalink


def address(sandbox, video) -> str:
    return f"{sandbox.url}/@alice.films/video/{video['id']}"


def test_the_status_tells_the_id_as_a_text(publish, sandbox):
    publication = publish()
    [video] = live(sandbox)
    assert link(publication) == (video["id"], address(sandbox, video))
    assert len(video["id"]) == 19


def test_the_caption_finds_it_when_nobody_tells(publish, later, silent):
    publication = publish(caption="A sunrise, " + "as slow as it can be, " * 10 + "👍")
    assert link(publication) == ("", "")

    later(publication)

    [video] = live(silent)
    assert link(publication) == (video["id"], address(silent, video))
    assert publication.next_step_at is None
    assert publication.events.last().because == "TikTok says where it can be seen"


def test_the_first_minute_is_left_to_the_status(publish, silent):
    publish()
    assert calls(silent, "video_list") == []


def test_without_the_permission_nobody_looks(publish, later, silent):
    Channel.objects.update(scopes=["video.publish"])
    assert link(later(publish())) == ("", "")
    assert calls(silent, "video_list") == []


@pytest.mark.parametrize(
    "privacy", ["SELF_ONLY", "MUTUAL_FOLLOW_FRIENDS"], ids=["only me", "friends"]
)
def test_what_is_not_for_everyone_has_no_link(publish, later, silent, privacy):
    publication = publish(privacy_level=privacy)
    assert publication.next_step_at is None
    later(publication)
    assert calls(silent, "video_list") == []


def test_without_words_there_is_nothing_to_go_by(publish, later, silent):
    assert link(later(publish(caption=" "))) == ("", "")
    assert calls(silent, "video_list") == []


def test_two_that_say_the_same_are_not_told_apart(publish, later, silent):
    first, second = publish(caption="Sunrise"), publish(caption="Sunrise")
    later(first)
    assert (link(first), link(second)) == (("", ""), ("", ""))


def test_a_video_that_another_post_has_is_not_taken(publish, later, silent):
    first = publish(caption="Sunrise")
    [video] = live(silent)
    tell(AVAILABLE, first.attempts.get(), post_id=video["id"])
    work()
    second = publish(caption="Sunrise")

    later(second)

    assert link(first)[0] == video["id"]
    [other] = [each for each in live(silent) if each["id"] != video["id"]]
    assert link(second)[0] == other["id"]


def test_a_video_from_before_our_init_is_not_taken(publish, later, silent):
    publication = publish(caption="Sunrise")
    publication.attempts.update(intended_at=timezone.now() + timedelta(seconds=2))
    assert link(later(publication)) == ("", "")
    assert len(calls(silent, "video_list")) == 1


def test_a_list_that_does_not_answer_is_asked_again_later(publish, later, silent):
    publication = publish()
    order(silent, "troubles", endpoint="video_list", kind="html_502", times=1)
    assert link(later(publication)) == ("", "")
    assert publication.state == "published"
    assert publication.next_step_at > timezone.now()
    assert link(later(publication))[0] == live(silent)[0]["id"]


def test_the_list_is_read_page_by_page(publish, later, silent, monkeypatch):
    monkeypatch.setattr("tiktok.client.VIDEOS_A_PAGE", 1)
    publication = publish(caption="Sunrise")
    for number in range(3):
        publish(caption=f"Another {number}")
    later(publication)
    assert link(publication)[0] == live(silent)[0]["id"]


def test_a_cursor_that_stands_still_ends_the_reading(publish, later, silent, monkeypatch):
    publication = publish(caption="Sunrise")
    asked = []
    real = TikTokClient.list_videos

    def stands_still(client, cursor=None):
        asked.append(cursor)
        page = real(client, None)
        return type(page)(page.videos, 5, has_more=True)

    monkeypatch.setattr(TikTokClient, "list_videos", stands_still)
    later(publication)
    assert asked == [None, 5]
    assert link(publication)[0] == ""  # the same page twice: not one match


def test_an_event_tells_the_id_that_the_status_does_not(publish, silent):
    publication = publish()
    tell(AVAILABLE, publication.attempts.get(), post_id="7301234567890123456")
    work()
    assert link(publication)[0] == "7301234567890123456"
    assert publication.next_step_at is None


def test_an_event_from_before_the_end_is_remembered(plan, silent):
    publication = plan()
    work()
    tell(AVAILABLE, publication.attempts.get(), post_id="7301234567890123456")
    work()
    publication.refresh_from_db()
    assert publication.state == "published"
    assert publication.platform_post_id == "7301234567890123456"


def test_a_post_that_others_can_not_see_any_more_is_marked(publish, sandbox, client, alice):
    publication = publish()
    attempt = publication.attempts.get()
    now = timezone.now().timestamp()
    gone = tell(UNAVAILABLE, attempt, at=now + 10, post_id=publication.platform_post_id)
    publication.refresh_from_db()
    assert (publication.state, publication.hidden_since) == ("published", gone.happened_at)
    assert publication.events.last().because.endswith("others can not see it any more")
    client.force_login(alice)
    page = client.get(reverse("posts:detail", args=[publication.post_id])).content.decode()
    assert "Others can not see it since" in page

    tell(AVAILABLE, attempt, at=now + 5, post_id=publication.platform_post_id)  # older news
    publication.refresh_from_db()
    assert publication.hidden_since == gone.happened_at

    tell(AVAILABLE, attempt, at=now + 20, post_id=publication.platform_post_id)
    publication.refresh_from_db()
    assert publication.hidden_since is None
    assert publication.events.last().because == "TikTok says that others can see it again"


def test_what_is_dated_in_the_future_is_not_the_newest_for_ever(publish, sandbox, time_machine):
    publication = publish()
    attempt = publication.attempts.get()
    now = timezone.now()
    next_year = now + timedelta(days=365)
    gone = tell(
        UNAVAILABLE, attempt, at=next_year.timestamp(), post_id=publication.platform_post_id
    )
    publication.refresh_from_db()
    assert publication.hidden_since == gone.happened_at
    assert abs(gone.happened_at - now) < timedelta(minutes=1)

    time_machine.move_to(now + timedelta(minutes=5), tick=True)
    tell(AVAILABLE, attempt, post_id=publication.platform_post_id)

    publication.refresh_from_db()
    assert publication.hidden_since is None


def test_what_is_told_of_another_account_counts_for_that_alone(publish, silent, connect, workspace):
    other = connect(workspace, "moonlight")
    publication = publish()
    publish_id = publication.attempts.get().publish_id

    tell(AVAILABLE, other, publish_id=publish_id, post_id="7301234567890123456")
    Publication.objects.filter(pk=publication.pk).update(next_step_at=timezone.now())
    work()
    assert link(publication) == ("", "")

    tell(AVAILABLE, publication.attempts.get(), post_id="7309876543210987654")
    tell(UNAVAILABLE, other, publish_id=publish_id, post_id="7309876543210987654")
    work()
    assert link(publication)[0] == "7309876543210987654"
    assert publication.hidden_since is None


def test_further_ids_of_a_draft_are_told_once_each(plan, sandbox):
    publication = plan(mode="inbox", privacy_level="")
    work_until_delivered(publication)
    attempt = publication.attempts.get()
    for _ in range(2):
        order(sandbox, f"drafts/{attempt.publish_id}/post", privacy="PUBLIC_TO_EVERYONE")
    work_until_rest(publication)
    first, second = [video["id"] for video in live(sandbox)]
    tell(AVAILABLE, attempt, post_id=second)

    assert link(publication)[0] == first
    ids = [event.details.get("post_id") for event in publication.events.all()]
    assert [each for each in ids if each] == [second]


def work_until_delivered(publication: Publication) -> None:
    for _ in range(3):
        work()
        Publication.objects.update(next_step_at=timezone.now())
        publication.refresh_from_db()
        if publication.state == "delivered":
            return
    raise AssertionError(publication.state)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            "https://www.tiktok.com/@a/video/7?utm_source=key&_r=1#x",
            "https://www.tiktok.com/@a/video/7",
        ),
        ("https://tiktok.com/@a/photo/7", "https://tiktok.com/@a/photo/7"),
        ("http://www.tiktok.com/@a/video/7", ""),
        ("https://nottiktok.com/@a/video/7", ""),
        ("javascript:alert(1)", ""),
        ("https://[broken", ""),
        (r"https://evil.example\@www.tiktok.com/@a/video/7", ""),
        (r"https://evil.example\.tiktok.com/@a/video/7", ""),
        ("https://somebody@www.tiktok.com/@a/video/7", ""),
        ("", ""),
    ],
)
def test_a_link_is_kept_without_what_follows_people(given, kept):
    assert without_tracking(given) == kept
