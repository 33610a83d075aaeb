"""What was approved goes out as it was, or not at all: by whatever road somebody changes it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Scope
from accounts.tests.program import Program, key_of
from posts.errors import NotApproved
from posts.models import Media, Publication
from posts.planning import Content, duplicate, save_draft
from posts.tests.composer_form import everything
from posts.tests.people import browser_of, member
from posts.tests.plain_platform import a_channel, a_medium, a_publication
from posts.tests.story import work

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def carol(workspace):
    return member(workspace, Role.CONTRIBUTOR)


@pytest.fixture
def approved(alice, carol, workspace, plain):
    """Carol's, approved by Alice for in an hour."""
    publication = a_publication(carol, a_channel(workspace))
    publication.ask_for_approval(by=carol, due_at=timezone.now() + timedelta(hours=1))
    publication.approve(by=alice, seen=publication.asked_digest())
    return publication


def come_due(publication):
    """Its moment is now, and a worker takes a look."""
    now = timezone.now()
    Publication.objects.filter(pk=publication.pk).update(due_at=now, next_step_at=now)
    work()
    publication.refresh_from_db()
    return publication


def what_goes(publication):
    publication.refresh_from_db()
    return (publication.state, publication.caption, publication.approvals.count())


def test_left_alone_it_goes_out(approved):
    assert come_due(approved).state == "published"


def test_the_author_saves_something_else_in_the_composer(approved, carol, workspace):
    post = {"post": str(approved.post_id), "seen_state": "scheduled", "caption": "Sunset"}
    sent = everything(workspace, approved.channel) | post

    answer = browser_of(carol, workspace).post(reverse("posts:compose"), sent | {"press": "draft"})

    assert answer.status_code == 403
    assert what_goes(approved) == ("scheduled", "Sunrise", 1)


def test_the_author_asks_for_something_else(approved, carol, workspace):
    post = {"post": str(approved.post_id), "seen_state": "scheduled", "caption": "Sunset"}
    sent = everything(workspace, approved.channel) | post

    browser_of(carol, workspace).post(reverse("posts:compose"), sent | {"press": "ask"})

    assert what_goes(approved)[0] == "awaiting_approval"
    assert (approved.approval, approved.next_step_at) == (None, None)


def test_an_open_composer_keeps_saving_by_itself(approved, carol, workspace):
    post = {"post": str(approved.post_id), "seen_state": "draft", "caption": "Sunset"}
    sent = everything(workspace, approved.channel) | post

    browser_of(carol, workspace).post(reverse("posts:autosave"), sent)

    approved.post.refresh_from_db()
    assert approved.post.caption == "Sunrise"
    assert what_goes(approved) == ("scheduled", "Sunrise", 1)


def test_the_authors_program_changes_the_words(approved, carol, workspace):
    program = Program(key_of(carol, workspace, Scope.READ, Scope.WRITE))

    answer = program.patch(f"/posts/{approved.post_id}", {"caption": "Sunset"})

    assert answer.status_code == 200, answer.content
    assert what_goes(approved)[0] == "awaiting_approval"
    assert (approved.approval, approved.next_step_at) == (None, None)


def test_the_authors_program_approves_nothing(approved, carol, workspace):
    program = Program(key_of(carol, workspace, Scope.READ, Scope.WRITE))
    approved.ask_for_approval(by=carol, due_at=approved.due_at)

    answer = program.post(f"/publications/{approved.pk}/approve", {"consent": True})

    assert (answer.status_code, what_goes(approved)[0]) == (403, "awaiting_approval")


def test_a_copy_carries_no_approval(approved, carol):
    copy = duplicate(approved.post, by=carol)

    twin = copy.publications.get()
    assert (twin.state, twin.approval, twin.approvals.count()) == ("draft", None, 0)


def test_another_file_in_the_post_changes_nothing_of_what_goes(approved, workspace):
    """By a road that no verb knows: the post's own list of files."""
    night = a_medium(workspace, "night.mp4")
    approved.post.set_media([night])

    assert [each.name for each in approved.shown_media] == ["sunrise.mp4"]
    assert come_due(approved).state == "published"


@pytest.mark.parametrize("road", ["words", "file", "bytes", "choice"])
def test_by_any_road_past_the_verbs_it_stays_here(approved, workspace, plain, road):
    """Somebody with the database, an error of ours, a restored row: the digest does not fit."""
    if road == "words":
        Publication.objects.filter(pk=approved.pk).update(caption="Sunset")
    elif road == "file":
        night = a_medium(workspace, "night.mp4")
        Media.objects.filter(pk=night.pk).update(sha256="6" * 64)
        approved.items.update(media=night)
    elif road == "bytes":
        Media.objects.update(sha256="6" * 64)
    else:
        plain.moods[approved.pk] = "wild"

    with pytest.raises(NotApproved):
        come_due(approved)

    assert what_goes(approved)[0] == "scheduled"


def test_the_admin_shows_it_and_changes_nothing(approved, make_person):
    operator = make_person("operator", is_staff=True, is_superuser=True)
    browser = browser_of(operator)
    pages = [
        reverse("admin:posts_post_change", args=[approved.post_id]),
        reverse("admin:posts_publication_change", args=[approved.pk]),
    ]

    answers = [browser.post(page, {"caption": "Sunset"}).status_code for page in pages]

    assert answers == [403, 403]
    assert what_goes(approved) == ("scheduled", "Sunrise", 1)


def test_the_verbs_refuse_the_author_too(approved, carol):
    content = Content(caption="Sunset", media=approved.post.ordered_media, channel=approved.channel)
    with pytest.raises(PermissionDenied):
        save_draft(by=carol, workspace=approved.post.workspace, content=content,
                   post=approved.post)  # fmt: skip

    assert what_goes(approved) == ("scheduled", "Sunrise", 1)
