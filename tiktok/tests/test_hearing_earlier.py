"""An event about an earlier sending of a post that counts as published already."""

import pytest

from posts.tests.story import work_until_rest
from tiktok import webhooks
from tiktok.publishing import hearing
from tiktok.tests.telling import tell

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


@pytest.mark.parametrize(
    ("event", "status", "outcome", "by_word"),
    [
        (webhooks.COMPLETE, "PUBLISH_COMPLETE", "a person had said so: it is confirmed", False),
        (webhooks.DELIVERED, "SEND_TO_USER_INBOX", "noted: a second draft waits", True),
    ],
)
def test_an_earlier_sending_of_what_a_person_called_live(
    plan, says, alice, event, status, outcome, by_word
):
    publication = plan(caption="Sunrise #sandbox:internal:1")
    work_until_rest(publication)
    publication.by_word_of = alice
    publication.save()
    says(status)

    told = tell(event, publication.attempts.first())
    hearing.tidy()

    told.refresh_from_db()
    assert told.outcome == outcome
    publication.refresh_from_db()
    assert publication.state == "published"
    assert (publication.by_word_of == alice) == by_word
    assert not alice.notifications.exists()
