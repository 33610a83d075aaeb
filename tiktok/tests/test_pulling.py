"""What TikTok fetches from here: photos, and videos where the operator likes it so."""

import json

import pytest
import requests

from posts.models import PulledMedia, Source, Verdict
from posts.tests.story import history, work, work_until_rest
from tiktok.tests.sandbox.caller import until
from tiktok.tests.story import calls, inits, live, order, report, trouble, tune

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_too]


@pytest.fixture
def pulls(settings):
    settings.TIKTOK_VIDEO_SOURCE = "pull"


def photo_inits(sandbox):
    return [json.loads(call["body"]) for call in calls(sandbox, "content_init")]


def addresses(sandbox):
    return [pull["url"] for pull in report(sandbox, "pulls")["pulls"]]


def verdicts(publication):
    return [attempt.verdict for attempt in publication.attempts.all()]


def test_photos_are_published_in_order_with_words_and_cover(plan, sandbox, site, photos):
    publication = plan(
        media=photos,
        caption="Three #hills",
        title="Hills",
        allow_comment=True,
        photo_cover_index=2,
        auto_add_music=True,
        is_aigc=True,
    )

    work_until_rest(publication)

    assert history(publication) == ["scheduled", "sending", "processing", "published"]
    [post] = live(sandbox)
    assert post["photos"] == [photo.sha256 for photo in photos]
    assert (post["title"], post["caption"]) == ("Hills", "Three #hills")
    assert (post["photo_cover_index"], post["auto_add_music"]) == (2, True)
    [init] = photo_inits(sandbox)
    assert init | {"source_info": None} == {
        "media_type": "PHOTO",
        "post_mode": "DIRECT_POST",
        "post_info": {
            "title": "Hills",
            "description": "Three #hills",
            "privacy_level": "PUBLIC_TO_EVERYONE",
            "disable_comment": False,
            "auto_add_music": True,
            "brand_content_toggle": False,
            "brand_organic_toggle": False,
        },
        "is_aigc": True,
        "source_info": None,
    }
    [attempt] = publication.attempts.all()
    assert (attempt.source, attempt.verdict) == (Source.PULL, Verdict.PUBLISHED)
    assert attempt.publish_id == post["publish_id"]
    assert attempt.confirmed_bytes == attempt.size == sum(photo.size for photo in photos)


def test_a_draft_of_photos_goes_to_the_inbox_with_its_words(plan, sandbox, site, photos):
    publication = plan(media=photos, title="Hills", mode="inbox", privacy_level="")

    for _ in range(3):
        work()
        type(publication).objects.update(next_step_at=publication.due_at)
    publication.refresh_from_db()

    assert publication.state == "delivered"
    [init] = photo_inits(sandbox)
    assert init["post_mode"] == "MEDIA_UPLOAD"
    assert init["post_info"] == {"title": "Hills", "description": "Sunrise"}
    assert "is_aigc" not in init


@pytest.mark.parametrize("mode", ["direct", "inbox"])
def test_a_video_is_fetched_where_the_operator_likes_it_so(
    plan, sandbox, site, pulls, medium, mode
):
    publication = plan(mode=mode)

    work()

    [pull] = report(sandbox, "pulls")["pulls"]
    assert pull["sha256"] == medium.sha256
    assert [put for upload in report(sandbox, "uploads")["uploads"] for put in upload["puts"]] == []
    work_until_rest(publication) if mode == "direct" else None
    assert len(live(sandbox)) == (mode == "direct")


def test_the_addresses_answer_nobody_once_it_is_over(plan, sandbox, site, photos):
    publication = plan(media=photos)

    work_until_rest(publication)

    assert [requests.get(each, timeout=10).status_code for each in addresses(sandbox)] == [404] * 3
    assert PulledMedia.objects.filter(closed_at=None).count() == 0


@pytest.mark.parametrize("kind", ["reset_before", "html_502"])
def test_an_init_that_nobody_answered_or_acted_on_is_begun_again(plan, sandbox, site, photos, kind):
    publication = plan(media=photos)
    trouble(sandbox, "content_init", kind)

    work_until_rest(publication)

    assert publication.state == "published"
    assert verdicts(publication) == [Verdict.INCOMPLETE, Verdict.PUBLISHED]
    assert len(live(sandbox)) == 1


@pytest.mark.parametrize("kind", ["reset_after", "truncated"])
def test_an_init_without_an_answer_whose_photos_nobody_had_fetched_is_begun_again(
    plan, sandbox, site, photos, kind
):
    tune(sandbox, pull_before_answering=False)
    hold = trouble(sandbox, "pull", "hold")
    publication = plan(media=photos)
    trouble(sandbox, "content_init", kind)

    work()

    publication.refresh_from_db()
    assert publication.state == "scheduled"
    assert publication.is_safe is True
    order(sandbox, f"troubles/{hold}/release")  # and it finds the addresses closed
    tune(sandbox, pull_before_answering=True)
    work_until_rest(publication)
    assert verdicts(publication) == [Verdict.INCOMPLETE, Verdict.PUBLISHED]
    assert len(live(sandbox)) == 1


@pytest.mark.parametrize("kind", ["reset_after", "truncated"])
def test_an_init_without_an_answer_whose_photos_were_fetched_is_left_to_a_person(
    plan, sandbox, site, photos, alice, kind
):
    publication = plan(media=photos)
    trouble(sandbox, "content_init", kind)

    work_until_rest(publication)

    assert publication.state == "unconfirmed"
    assert publication.failure["code"] == "pull_unanswered"
    assert publication.is_safe is False
    assert len(photo_inits(sandbox)) == 1
    assert [requests.get(each, timeout=10).status_code for each in addresses(sandbox)] == [404] * 3
    publication.check_again(by=alice)
    work_until_rest(publication)
    assert (publication.state, publication.failure["code"]) == ("unconfirmed", "pull_unanswered")


@pytest.mark.parametrize(
    ("code", "state", "reason"),
    [
        ("spam_risk_too_many_posts", "held", "cap"),
        ("url_ownership_unverified", "held", "configuration"),
        ("invalid_params", "failed", ""),
        ("scope_not_authorized", "held", "reconnect"),
    ],
)
def test_a_refusal_of_photos_ends_in_a_state_and_closes_the_addresses(
    plan, sandbox, site, photos, code, state, reason
):
    publication = plan(media=photos)
    trouble(sandbox, "content_init", "code", code=code)

    work()

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == (state, reason)
    assert verdicts(publication) == [Verdict.INCOMPLETE]
    assert PulledMedia.objects.filter(closed_at=None).count() == 0


def test_photos_that_tiktok_can_not_fetch_are_tried_three_times_in_all(plan, sandbox, site, photos):
    publication = plan(media=photos, caption="Hills #sandbox:photo_pull_failed")

    work_until_rest(publication)

    assert publication.state == "failed"
    assert publication.failure["code"] == "photo_pull_failed"
    assert verdicts(publication) == [Verdict.FAILED] * 3
    assert live(sandbox) == []


def test_a_video_that_tiktok_can_not_fetch_is_uploaded_in_the_end(plan, sandbox, site, pulls):
    publication = plan(caption="Sunrise #sandbox:video_pull_failed:3")

    work_until_rest(publication)

    assert publication.state == "published"
    attempts = [(attempt.source, attempt.verdict) for attempt in publication.attempts.all()]
    assert attempts == [(Source.PULL, Verdict.FAILED)] * 3 + [(Source.UPLOAD, Verdict.PUBLISHED)]
    assert len(live(sandbox)) == 1


def test_a_video_from_an_address_that_is_not_verified_is_uploaded_at_once(
    plan, sandbox, site, pulls
):
    tune(sandbox, url_properties=["example.com"])
    publication = plan()

    work_until_rest(publication)

    assert publication.state == "published"
    attempts = [(attempt.source, attempt.verdict) for attempt in publication.attempts.all()]
    assert attempts == [(Source.PULL, Verdict.INCOMPLETE), (Source.UPLOAD, Verdict.PUBLISHED)]
    notes = [event.because for event in publication.events.all() if not event.is_move]
    assert any("So we upload the video." in note for note in notes)


def test_an_address_that_does_not_lead_here_is_not_tried_again_for_photos(
    plan, sandbox, site, photos, settings
):
    settings.MEDIA_PUBLIC_URL = "http://127.0.0.1:9"
    publication = plan(media=photos)

    work_until_rest(publication)

    assert (publication.state, publication.held_reason) == ("held", "configuration")
    assert publication.failure["code"] == "address_unreachable"
    assert verdicts(publication) == [Verdict.FAILED, Verdict.INCOMPLETE]
    assert len(photo_inits(sandbox)) == 1


def test_an_address_that_does_not_lead_here_makes_a_video_an_upload(
    plan, sandbox, site, pulls, settings
):
    settings.MEDIA_PUBLIC_URL = "http://127.0.0.1:9"
    publication = plan()

    work_until_rest(publication)

    assert publication.state == "published"
    sources = [attempt.source for attempt in publication.attempts.all()]
    assert sources == [Source.PULL, Source.PULL, Source.UPLOAD]
    assert len(inits(sandbox)) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"pull_range_bytes": 1_000},
        {"pull_times": 3},
        {"pull_asks_first": False},
        {"pull_bytes_per_second": 40_000},
    ],
)
def test_however_tiktok_fetches_the_video_comes_out_whole(
    plan, sandbox, site, pulls, medium, change
):
    tune(sandbox, **change)
    publication = plan()

    work_until_rest(publication)

    [video] = live(sandbox)
    assert video["sha256"] == medium.sha256


def test_photos_that_tiktok_fetches_after_an_hour_are_still_there(plan, sandbox, site, photos):
    tune(sandbox, pull_before_answering=False)
    hold = trouble(sandbox, "pull", "hold")
    publication = plan(media=photos)
    work()
    publication.refresh_from_db()
    assert publication.state == "processing"
    order(sandbox, f"troubles/{hold}/wait")

    order(sandbox, f"troubles/{hold}/release")

    until(lambda: live(sandbox))
    work_until_rest(publication)
    assert publication.state == "published"
