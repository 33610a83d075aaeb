"""A pull whose init went unanswered learns from events what TikTok calls it, if it is certain."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from posts.models import Attempt, Mode, Publication, Verdict
from posts.models.attempt import Source
from posts.states import State
from posts.tests.story import history, work
from posts.tests.walk import bring
from tiktok.tests.telling import tell

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

COMPLETE = "post.publish.complete"


def state_and_id(publication: Publication) -> tuple[str, str | None]:
    publication.refresh_from_db()
    return publication.state, publication.attempts.get(number=1).publish_id


@pytest.fixture
def unanswered(draft, alice) -> Publication:
    """A pull whose init went unanswered and for whose media somebody came: unconfirmed."""
    publication = bring(draft(), State.UNCONFIRMED, by=alice)
    Attempt.objects.update(publish_id=None, source=Source.PULL, finishing_at=None, answered_at=None)
    return publication


def test_the_one_unknown_id_of_a_creator_is_that_of_the_unanswered_pull(unanswered, channel, says):
    event = tell(COMPLETE, channel, publish_id="v_pub_url~v2-7", publish_type="DIRECT_PUBLISH")

    assert state_and_id(unanswered) == ("processing", "v_pub_url~v2-7")
    assert event.outcome == "its id was missing: now its status is asked"
    says("PUBLISH_COMPLETE")
    work()
    assert history(unanswered)[-3:] == ["unconfirmed", "processing", "published"]


def test_of_two_unknown_ids_none_is_taken(unanswered, channel):
    Attempt.objects.update(source=Source.UPLOAD)
    tell(COMPLETE, channel, publish_id="v_pub_url~v2-7")
    Attempt.objects.update(source=Source.PULL)
    tell(COMPLETE, channel, publish_id="v_pub_url~v2-8")
    assert state_and_id(unanswered) == ("unconfirmed", None)


@pytest.mark.parametrize("earlier", [timedelta(0), timedelta(hours=3)])
@pytest.mark.parametrize("verdict", [Verdict.OPEN, Verdict.INCOMPLETE])
def test_while_another_init_lacks_its_answer_no_id_is_taken(
    unanswered, draft, channel, make_medium, workspace, video_file, verdict, earlier
):
    other = draft(media=[make_medium(workspace, video_file)])
    settled_at = timezone.now() if verdict else None
    Attempt.objects.create(
        publication=other,
        number=1,
        mode=Mode.DIRECT,
        digest="",
        intended_at=timezone.now() - earlier,
        size=1,
        chunk_size=1,
        chunk_count=1,
        verdict=verdict,
        settled_at=settled_at,
    )
    tell(COMPLETE, channel, publish_id="v_pub_url~v2-7")
    assert state_and_id(unanswered) == ("unconfirmed", None)


def test_an_id_from_before_the_intent_is_not_taken(unanswered, channel):
    tell(COMPLETE, channel, at=time.time() - 60, publish_id="v_pub_url~v2-7")
    assert state_and_id(unanswered) == ("unconfirmed", None)


def test_a_failure_of_an_unknown_id_is_not_taken_for_ours(unanswered, channel):
    """Were it another's, this post would be sent again, and be live twice."""
    tell("post.publish.failed", channel, publish_id="v_pub_url~v2-7", reason="internal")
    assert state_and_id(unanswered) == ("unconfirmed", None)
