"""What is said of a draft for the inbox, and of a post that waits for its turn, is what happens."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from posts.models import Publication
from posts.states import State
from posts.tests.people import browser_of, said, words
from posts.tests.plain_platform import a_channel, a_publication
from posts.tests.walk import FAILURE, bring, lease_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain")]


@pytest.fixture
def account(workspace):
    return a_channel(workspace)


@pytest.fixture
def draft(alice, account, plain):
    """A publication that Alice finishes in the app."""
    publication = a_publication(alice, account)
    plain.drafts.add(publication.pk)
    return publication


def address_of(publication):
    return reverse("posts:detail", args=[publication.post_id])


def press(person, what, publication, **fields):
    url = reverse(f"posts:{what}", args=[publication.pk])
    return browser_of(person).post(url, fields, follow=True)


def fail(publication, by):
    bring(publication, State.SENDING, by=by)
    publication.fail(lease_on(publication), failure=FAILURE)


class TestADraft:
    def test_is_not_said_to_be_published(self, alice, draft):
        draft.schedule(timezone.now() + timedelta(hours=1), by=alice)

        page = words(browser_of(alice).get(address_of(draft)))

        assert "Goes to the Plain inbox by itself on" in page
        assert "Send to the Plain inbox now" in page
        assert "Publish now" not in page

    def test_is_on_its_way_to_the_inbox(self, alice, draft):
        draft.schedule(timezone.now() + timedelta(hours=1), by=alice)

        page = press(alice, "publish_now", draft)

        assert said(page) == [
            "On its way to the Plain inbox, as a draft. It may take a few minutes until it is "
            "there; you finish it there."
        ]

    def test_stands_so_in_the_list(self, alice, draft, account):
        draft.schedule(timezone.now() + timedelta(hours=1), by=alice)
        other = a_publication(alice, account)
        other.schedule(timezone.now() + timedelta(hours=2), by=alice)

        page = words(browser_of(alice).get(reverse("posts:list")))

        assert page.count("as a draft to the inbox") == 1

    def test_was_not_sent_says_the_mail(self, alice, draft):
        fail(draft, by=alice)

        subjects = list(alice.notifications.values_list("subject", flat=True))
        assert subjects == ["“Sunrise” was not sent to the Plain inbox"]


class TestWhatWaitsForItsTurn:
    @pytest.fixture
    def sending(self, alice, account):
        """Another post of the account is on its way."""
        return bring(a_publication(alice, account), State.SENDING, by=alice)

    @pytest.fixture
    def due(self, alice, account):
        publication = a_publication(alice, account)
        publication.schedule(timezone.now(), by=alice)
        return publication

    def wait(self, publication, **span):
        moment = timezone.now() + timedelta(**span)
        Publication.objects.filter(pk=publication.pk).update(next_step_at=moment)
        return f"{moment.astimezone(publication.post.author.zone):%H:%M:%S}"

    def test_says_that_the_platform_takes_no_more_and_until_when(self, alice, due):
        until = self.wait(due, seconds=40)

        page = words(browser_of(alice).get(address_of(due)))

        assert "Plain takes only so many posts of an account in a minute" in page
        assert f"{until}</time> or soon after" in page
        assert "within seconds" not in page

    def test_says_that_another_post_goes_first(self, alice, sending, due):
        self.wait(due, minutes=2)

        page = words(browser_of(alice).get(address_of(due)))

        assert "It waits while another post of this account is being sent." in page
        assert "within seconds" not in page

    def test_says_how_many_more_go_first(self, alice, account, sending, due):
        third = a_publication(alice, account)
        third.schedule(timezone.now(), by=alice)
        self.wait(third, minutes=2)

        assert "and 1 more goes before it" in words(browser_of(alice).get(address_of(third)))

    def test_can_still_be_moved(self, alice, due):
        before = words(browser_of(alice).get(address_of(due)))
        self.wait(due, minutes=2)
        after = words(browser_of(alice).get(address_of(due)))

        assert "Another time" not in before
        assert "Another time" in after

    def test_is_with_a_worker_once_one_has_it(self, alice, due):
        Publication.claim_due(by="test", seconds=60)

        assert "it goes out within seconds" in words(browser_of(alice).get(address_of(due)))


def test_the_way_back_is_named_as_its_button_is(alice, account):
    publication = a_publication(alice, account)
    bring(publication, State.UNCONFIRMED, by=alice)

    page = press(alice, "confirm_live", publication)

    assert said(page) == [
        "Marked as published, on your word. “It is not live after all” takes that back."
    ]
    assert words(page).count("It is not live after all") == 2
