"""Writing a post, with a small real platform: what is kept, what is asked, and who may."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from posts.models import MediaState, Post, Publication
from posts.platforms import Finding
from posts.states import State
from posts.tests.composer_form import everything
from posts.tests.people import browser_of, said, words
from posts.tests.plain_platform import a_channel, a_publication
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain")]

COMPOSE = reverse("posts:compose")
AUTOSAVE = reverse("posts:autosave")


@pytest.fixture
def channel(workspace):
    return a_channel(workspace)


@pytest.fixture
def sent(workspace, channel):
    return everything(workspace, channel)


def edit_of(publication):
    return reverse("posts:edit", args=[publication.post_id])


def test_an_empty_composer_has_chosen_the_only_account(alice, channel):
    page = browser_of(alice).get(COMPOSE)

    assert page.status_code == 200
    assert f'value="{channel.pk}" checked' in page.content.decode()


def test_of_two_accounts_the_person_chooses(alice, workspace, channel):
    a_channel(workspace, "moonlight")

    assert " checked" not in browser_of(alice).get(COMPOSE).content.decode()


def test_scheduling_leads_to_the_post_and_says_when(alice, sent):
    page = browser_of(alice).post(COMPOSE, sent | {"press": "schedule"}, follow=True)

    publication = Publication.objects.get()
    assert (publication.state, publication.caption) == ("scheduled", "Sunrise")
    assert page.redirect_chain == [(reverse("posts:detail", args=[publication.post_id]), 302)]
    assert said(page)[0].startswith("Scheduled for ")
    assert f"{publication.due_at.astimezone(alice.zone):%H:%M}" == "12:00"


def test_publishing_now_needs_no_time(alice, sent):
    browser_of(alice).post(COMPOSE, sent | {"press": "now", "date": "", "time": ""})

    publication = Publication.objects.get()
    assert publication.state == "scheduled"
    assert abs(publication.due_at - timezone.now()) < timedelta(seconds=10)


@pytest.mark.parametrize("address", ["compose", "autosave", "plan"])
@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "²", "one"])
def test_a_number_of_nonsense_is_no_post(alice, sent, address, number):
    answer = browser_of(alice).post(reverse(f"posts:{address}"), sent | {"post": number})

    assert (answer.status_code, Post.objects.count()) == (404, 0)


def test_a_draft_needs_nothing_at_all(alice):
    browser_of(alice).post(COMPOSE, {"press": "draft", "caption": "An idea"})

    post = Post.objects.get()
    assert (post.caption, post.publications.count()) == ("An idea", 0)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"medium": ""}, "Upload a video or photos first."),
        ({"channel": ""}, "Choose the account that will post this."),
        ({"time": ""}, "Choose a time."),
        ({"date": "2020-01-01"}, "That time has passed"),
        ({"options_for": "0"}, "Look at the settings of this account below"),
        ({"mood": "sad"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said_and_the_input_stays(alice, sent, missing, sentence):
    page = browser_of(alice).post(COMPOSE, sent | {"press": "schedule"} | missing)

    assert page.status_code == 200
    assert sentence in words(page)
    assert ">Sunrise</textarea>" in words(page).replace("> Sunrise", ">Sunrise")
    assert Post.objects.count() == 0


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (MediaState.CHECKING, "The video is still being checked."),
        (MediaState.REJECTED, "This video can not be posted."),
    ],
)
def test_only_a_ready_video_goes_out(alice, workspace, sent, state, sentence):
    workspace.media.update(state=state)

    page = browser_of(alice).post(COMPOSE, sent | {"press": "schedule"})

    assert (page.status_code, Post.objects.count()) == (200, 0)
    assert sentence in words(page)


def test_what_the_checks_find_stands_where_it_can_be_mended(alice, plain, sent):
    plain.findings = [Finding("caption_too_long", "The caption is 3 too long.", "Shorten it.")]

    page = browser_of(alice).post(COMPOSE, sent | {"press": "now"})

    assert page.context["compose"].errors["caption"] == ["The caption is 3 too long. Shorten it."]
    assert Post.objects.count() == 0


@pytest.mark.parametrize("field", ["medium", "channel"])
def test_nothing_of_another_workspace_can_be_used(bob, alice, workspace, sent, field):
    own = {"caption": "Bob", "press": "draft", field: sent[field]}

    page = browser_of(bob).post(COMPOSE, own)

    assert page.status_code == 200
    assert Post.objects.count() == 0


def test_a_post_of_another_workspace_is_not_there(bob, alice, channel):
    publication = a_publication(alice, channel)
    stolen = {"caption": "Bob", "press": "draft", "post": str(publication.post_id)}

    for address in (COMPOSE, AUTOSAVE, reverse("posts:plan")):
        assert browser_of(bob).post(address, stolen).status_code == 404
    assert Post.objects.get().caption == "Sunrise"


def test_line_ends_are_one_character(alice, sent):
    browser_of(alice).post(COMPOSE, sent | {"caption": "One\r\ntwo\rthree", "press": "draft"})

    assert Post.objects.get().caption == "One\ntwo\nthree"


# Autosave


def test_the_first_autosave_makes_the_draft_and_gives_it_an_address(alice, sent):
    answer = browser_of(alice).post(AUTOSAVE, sent)

    post = Post.objects.get()
    assert answer.headers["HX-Replace-Url"] == reverse("posts:edit", args=[post.pk])
    assert f'name="post" id="id_post" value="{post.pk}" hx-swap-oob="true"' in words(answer)
    assert "Draft saved" in words(answer)


def test_the_next_autosave_changes_the_same_draft(alice, plain, sent):
    browser = browser_of(alice)
    browser.post(AUTOSAVE, sent)
    post = Post.objects.get()

    answer = browser.post(AUTOSAVE, sent | {"post": str(post.pk), "caption": "Sunset"})

    assert "HX-Replace-Url" not in answer.headers
    assert Post.objects.get().caption == "Sunset"
    assert plain.moods == {post.publications.get().pk: "wild"}


def test_an_empty_composer_is_not_worth_a_draft(alice, channel):
    answer = browser_of(alice).post(AUTOSAVE, {"channel": str(channel.pk), "caption": ""})

    assert (answer.status_code, Post.objects.count()) == (204, 0)


def test_a_draft_survives_a_reload(alice, plain, sent):
    browser = browser_of(alice)
    browser.post(AUTOSAVE, sent)
    publication = Publication.objects.get()

    page = browser.get(edit_of(publication))

    assert page.context["compose"]["caption"].value() == "Sunrise"
    assert page.context["medium"].pk == publication.post.ordered_media[0].pk
    assert 'value="12:00"' in page.content.decode()


def test_autosave_never_touches_what_is_scheduled(alice, channel):
    publication = bring(a_publication(alice, channel), State.SCHEDULED, by=alice)

    answer = browser_of(alice).post(
        AUTOSAVE, {"post": str(publication.post_id), "caption": "Sunset", "seen_state": "draft"}
    )

    publication.refresh_from_db()
    assert (publication.state, publication.is_as_approved()) == ("scheduled", True)
    assert Post.objects.get().caption == "Sunrise"
    assert "not a draft any more" in words(answer)


def test_a_caption_of_the_length_of_a_book_is_not_saved_and_says_so(alice):
    answer = browser_of(alice).post(AUTOSAVE, {"caption": "a" * 10_001})

    assert "Not saved" in words(answer)
    assert Post.objects.count() == 0
