"""What TikTok's status may say, truly or not: believed as far as it harms nobody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from posts.models import Publication, Verdict
from posts.tests.story import work, work_until_rest
from tiktok.tests.story import calls, inits, live, trouble, tune

pytestmark = pytest.mark.django_db

ID = 7_512_345_678_901_234_567
COMPLETE = {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": None}
NOTHING_YET = {"status": "PROCESSING_UPLOAD", "uploaded_bytes": 0}


def says(sandbox, times=1, **data) -> int:
    """Let TikTok's next answers about a post say so."""
    return trouble(sandbox, "status", "change", change={"data": data}, times=times)


@pytest.mark.parametrize(
    "found",
    [
        {"publicaly_available_post_id": ID},
        {"publicaly_available_post_id": str(ID)},
        {"publicaly_available_post_id": [ID]},
        {"publicaly_available_post_id": [str(ID), ID]},
        {"publicaly_available_post_id": [[], {}, "", 0, -5, True, "\0", "7" * 300, ID]},
        {"publicly_available_post_id": ID},
    ],
    ids=["number", "text", "list", "both", "among nonsense", "in its right spelling"],
)
def test_the_id_is_kept_to_its_last_digit(plan, sandbox, found):
    publication = plan()
    says(sandbox, **(COMPLETE | found))

    work_until_rest(publication)

    assert publication.state == "published"
    assert publication.platform_post_id == str(ID)
    assert publication.permalink.endswith(f"/@alice.films/video/{ID}")


@pytest.mark.parametrize("nothing", [[], "", 0, {}, [[]], "\0", "7" * 300])
def test_without_an_id_it_is_published_and_the_link_comes_later(plan, sandbox, nothing):
    publication = plan()
    says(sandbox, **(COMPLETE | {"publicaly_available_post_id": nothing}))
    work()
    Publication.objects.update(next_step_at=timezone.now())
    work()
    publication.refresh_from_db()
    assert (publication.state, publication.platform_post_id) == ("published", "")

    work_until_rest(publication)

    [video] = live(sandbox)
    assert publication.platform_post_id == video["id"]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("a_reason_of_tomorrow", "It says: a_reason_of_tomorrow."),
        (["spam_risk"], "It does not say why."),
        ("r" * 100_000, "It says: rrr"),
        ("spam\0_risk\ud83d", "TikTok refused the post as risky"),
    ],
)
def test_a_failure_for_whatever_reason_is_told(plan, sandbox, reason, words):
    publication = plan()
    says(sandbox, status="FAILED", fail_reason=reason)

    work_until_rest(publication)

    assert publication.state == "failed"
    assert words in publication.failure["message"]
    assert publication.attempts.get().verdict == Verdict.FAILED


def test_an_unknown_status_does_not_stop_an_upload_that_has_not_begun(plan, sandbox):
    publication = plan()
    trouble(sandbox, "upload", "reset_before")
    work()
    # As if the worker had died before its last block: what is written down is all that is known.
    publication.attempts.update(finishing_at=None)
    says(sandbox, status="A_STATUS_OF_TOMORROW", uploaded_bytes=None)

    work_until_rest(publication)

    assert publication.state == "published"
    assert len(inits(sandbox)) == len(live(sandbox)) == 1


def test_a_status_that_denies_for_ever_what_was_taken_leads_to_no_second_upload(
    plan, sandbox, time_machine
):
    tune(sandbox, status_per_window=1_000)
    publication = plan()
    trouble(sandbox, "upload", "reset_after")
    says(sandbox, times=100_000, **NOTHING_YET)

    for _ in range(300):
        work()
        publication.refresh_from_db()
        if publication.next_step_at is None:
            break
        time_machine.move_to(max(publication.next_step_at, timezone.now()) + timedelta(seconds=1))

    assert publication.state == "unconfirmed"
    assert len(inits(sandbox)) == len(live(sandbox)) == 1


def test_a_status_that_denies_for_a_while_is_asked_again(plan, sandbox):
    publication = plan()
    trouble(sandbox, "upload", "reset_after")
    says(sandbox, times=3, **NOTHING_YET)

    work_until_rest(publication)

    assert publication.state == "published"
    assert len(inits(sandbox)) == len(live(sandbox)) == 1
    assert len(calls(sandbox, "status")) > 3


@pytest.mark.parametrize("count", [-1, 10**30, "many", [], True, "7" * 30])
def test_a_count_of_bytes_that_is_none_stops_nothing(plan, sandbox, count):
    publication = plan()
    trouble(sandbox, "upload", "reset_after")
    says(sandbox, times=2, status="PROCESSING_UPLOAD", uploaded_bytes=count)

    work_until_rest(publication)

    assert publication.state == "published"
    assert len(inits(sandbox)) == len(live(sandbox)) == 1


def test_a_handle_too_long_for_a_link_costs_only_the_link(plan, sandbox, channel):
    publication = plan()
    trouble(sandbox, "creator_info", "change", change={"data": {"creator_username": "字" * 200}})

    work_until_rest(publication)

    [video] = live(sandbox)
    assert (publication.state, publication.platform_post_id) == ("published", video["id"])
    assert publication.permalink == ""
