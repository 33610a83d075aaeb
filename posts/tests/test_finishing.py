"""The page for the phone: what to do in the app, and what follows once it is done."""

import pytest
from django.urls import reverse

from accounts.models import Role
from posts.models import Post
from posts.states import State
from posts.tests.people import browser_of, member, said, words
from posts.tests.plain_platform import a_channel, a_publication, register_plain
from posts.tests.walk import bring

pytestmark = pytest.mark.django_db

PHONE = {"page": "finish"}


@pytest.fixture(autouse=True)
def _plain(monkeypatch):
    register_plain(monkeypatch)


@pytest.fixture
def publication(workspace, alice):
    return a_publication(alice, a_channel(workspace), caption="Sunrise\nover the ridge")


@pytest.fixture
def waiting(publication, alice):
    return bring(publication, State.DELIVERED, by=alice)


@pytest.fixture
def phone(alice):
    return browser_of(alice)


def page_of(publication):
    return reverse("posts:finish", args=[publication.pk])


def press(phone, verb, publication, **form):
    address = reverse(f"posts:{verb}", args=[publication.pk])
    return phone.post(address, PHONE | form, follow=True)


def test_it_says_what_to_do_and_with_which_words(phone, waiting):
    page = phone.get(page_of(waiting))

    text = words(page)
    assert "Finish it in Plain" in text
    assert "Sunrise\nover the ridge" in page.content.decode()
    assert "Copy the caption" in text
    assert "<dt>Mood</dt><dd>calm</dd>" in text
    assert [word for word in ("I posted it", "It is not there", "Drop it") if word in text] == [
        "I posted it",
        "It is not there",
        "Drop it",
    ]


def test_who_is_not_signed_in_comes_to_it_after_logging_in(client, waiting):
    answer = client.get(page_of(waiting))

    assert answer.url == f"{reverse('account_login')}?next={page_of(waiting)}"


def test_i_posted_it(phone, waiting, alice):
    page = press(phone, "confirm_live", waiting, link="https://plain.test/1")

    assert page.redirect_chain == [(page_of(waiting), 302)]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.by_word_of) == ("published", alice)
    assert "Well done" in words(page)
    assert 'href="https://plain.test/1"' in page.content.decode()


def test_a_link_that_is_none_is_said_on_the_same_page(phone, waiting):
    page = press(phone, "confirm_live", waiting, link="no link")

    assert "That is not a web address." in words(page)
    assert "Copy the caption" in words(page)
    waiting.refresh_from_db()
    assert waiting.state == "delivered"


def test_drop_it(phone, waiting):
    page = press(phone, "cancel", waiting)

    waiting.refresh_from_db()
    assert waiting.state == "canceled"
    assert page.redirect_chain == [(page_of(waiting), 302)]
    assert "Dropped" in words(page)


def test_it_is_not_there_so_it_is_sent_again(phone, waiting):
    page = press(phone, "send_again", waiting, seen=waiting.content_digest())

    waiting.refresh_from_db()
    assert waiting.state == "scheduled"
    assert said(page) == ["Sending it again."]
    assert "On its way" in words(page)


@pytest.mark.parametrize("state", [State.DRAFT, State.FAILED, State.UNCONFIRMED])
def test_what_is_no_matter_for_the_phone_is_told_on_its_own_page(phone, publication, alice, state):
    bring(publication, state, by=alice)

    answer = phone.get(page_of(publication))

    assert answer.url == reverse("posts:detail", args=[publication.post_id])


def test_who_may_only_look_finds_no_button(waiting, workspace):
    viewer = member(workspace, Role.VIEWER)

    text = words(browser_of(viewer, workspace).get(page_of(waiting)))

    assert "Copy the caption" in text
    assert "I posted it" not in text
    assert "Drop it" not in text


def test_a_post_without_words_has_none_to_copy(phone, waiting):
    Post.objects.update(caption="")
    waiting.caption = ""
    waiting.save()

    text = words(phone.get(page_of(waiting)))

    assert "Copy the caption" not in text
    assert "Choose your settings, and post it." in text


def test_the_posts_own_page_leads_to_it(phone, waiting):
    page = phone.get(reverse("posts:detail", args=[waiting.post_id]))

    assert f'href="{page_of(waiting)}"' in page.content.decode()
