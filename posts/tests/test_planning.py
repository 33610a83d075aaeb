"""Saving, planning, copying and removing posts: all of it, or nothing."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Role
from posts import planning
from posts.errors import Blocked, IllegalMove, NotApproved, TooLate
from posts.models import Post, Publication
from posts.planning import Content, save_draft, schedule_post
from posts.platforms import Finding
from posts.states import State
from posts.tests.plain_platform import a_channel, a_medium, a_publication
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


@pytest.fixture
def channel(plain, workspace):
    return a_channel(workspace)


@pytest.fixture
def carol(make_person, workspace):
    """Writes, but may not publish."""
    carol = make_person("carol")
    workspace.memberships.create(user=carol, role=Role.CONTRIBUTOR)
    return carol


def in_an_hour():
    return timezone.now() + timedelta(hours=1)


def test_an_idea_without_an_account_is_a_draft(alice, workspace):
    post = save_draft(by=alice, workspace=workspace, content=Content(caption="An idea"))

    assert (post.author, post.caption, post.publications.count()) == (alice, "An idea", 0)


def test_a_draft_with_an_account_remembers_choices_and_time(plain, alice, workspace, channel):
    due_at = in_an_hour()
    content = Content(caption="Sunrise", media=[a_medium(workspace)], channel=channel)

    post = save_draft(
        by=alice, workspace=workspace, content=content, due_at=due_at, choices={"mood": "wild"}
    )

    [publication] = post.publications.all()
    assert (publication.state, publication.due_at) == ("draft", due_at)
    assert plain.moods == {publication.pk: "wild"}
    assert post.ordered_media == content.media


def test_scheduling_saves_approves_and_plans_at_once(plain, alice, workspace, channel):
    due_at = in_an_hour()
    content = Content(caption="Sunrise", media=[a_medium(workspace)], channel=channel)

    publication = schedule_post(
        by=alice, workspace=workspace, content=content, options={"mood": "wild"}, due_at=due_at
    )

    assert (publication.state, publication.due_at) == ("scheduled", due_at)
    assert publication.approval.by == alice
    assert publication.approval.content["options"] == {"mood": "wild"}
    assert publication.is_as_approved()


def test_what_is_blocked_leaves_nothing_behind(plain, alice, workspace, channel):
    plain.findings = [Finding("too_wild", "This is too wild.", "Calm down.")]
    content = Content(caption="Sunrise", media=[a_medium(workspace)], channel=channel)

    with pytest.raises(Blocked):
        schedule_post(
            by=alice, workspace=workspace, content=content, options={"mood": "wild"},
            due_at=in_an_hour(),
        )  # fmt: skip

    assert Post.objects.count() == 0


def test_editing_a_scheduled_post_is_a_new_approval(plain, alice, workspace, channel):
    publication = bring(a_publication(alice, channel), State.SCHEDULED, by=alice)
    first = publication.approval
    content = Content(caption="Sunset", media=publication.shown_media, channel=channel)

    schedule_post(
        by=alice, workspace=workspace, post=publication.post, content=content,
        options={"mood": "calm"}, due_at=in_an_hour(),
    )  # fmt: skip

    publication.refresh_from_db()
    assert (publication.state, publication.caption) == ("scheduled", "Sunset")
    assert publication.approval != first
    assert publication.approvals.count() == 2


def test_saving_a_scheduled_post_as_draft_takes_it_out(alice, workspace, channel):
    publication = bring(a_publication(alice, channel), State.SCHEDULED, by=alice)
    content = Content(caption="Sunset", media=publication.shown_media, channel=channel)

    save_draft(by=alice, workspace=workspace, post=publication.post, content=content)

    publication.refresh_from_db()
    assert (publication.state, publication.approval) == ("draft", None)
    assert publication.shown_caption == "Sunset"


def test_what_saves_itself_never_takes_a_post_out_of_the_schedule(alice, workspace, channel):
    publication = bring(a_publication(alice, channel), State.SCHEDULED, by=alice)
    content = Content(caption="Sunset", media=publication.shown_media, channel=channel)

    with pytest.raises(IllegalMove):
        save_draft(
            by=alice, workspace=workspace, post=publication.post, content=content, by_itself=True
        )

    publication.refresh_from_db()
    assert (publication.state, publication.is_as_approved()) == ("scheduled", True)
    assert Post.objects.get().caption == "Sunrise"


@pytest.mark.parametrize("state", [State.SENDING, State.PROCESSING, State.PUBLISHED])
def test_what_is_on_its_way_can_not_be_changed(plain, alice, workspace, channel, state):
    publication = bring(a_publication(alice, channel), state, by=alice)
    post = publication.post
    content = Content(caption="Sunset", media=publication.shown_media, channel=channel)

    with pytest.raises(TooLate):
        save_draft(by=alice, workspace=workspace, post=post, content=content)
    with pytest.raises(TooLate):
        schedule_post(
            by=alice, workspace=workspace, post=post, content=content, options={"mood": "wild"},
            due_at=in_an_hour(),
        )  # fmt: skip

    publication.refresh_from_db()
    assert publication.state == state
    assert Post.objects.get().caption == "Sunrise"


def test_a_draft_may_change_its_account(plain, alice, workspace, channel):
    other = a_channel(workspace, "moonlight")
    post = a_publication(alice, channel).post

    save_draft(by=alice, workspace=workspace, post=post, content=Content(channel=other))

    assert [each.channel for each in post.publications.all()] == [other]


def test_what_was_approved_once_keeps_its_account(alice, workspace, channel):
    publication = bring(a_publication(alice, channel), State.SCHEDULED, by=alice)
    publication.unschedule(by=alice)
    other = a_channel(workspace, "moonlight")

    with pytest.raises(IllegalMove, match="Duplicate it"):
        save_draft(
            by=alice, workspace=workspace, post=publication.post, content=Content(channel=other)
        )

    assert [each.channel for each in Publication.objects.all()] == [channel]


def test_a_contributor_saves_and_asks_but_does_not_schedule(plain, carol, workspace, channel):
    content = Content(caption="Sunrise", media=[a_medium(workspace)], channel=channel)

    with pytest.raises(PermissionDenied):
        schedule_post(
            by=carol, workspace=workspace, content=content, options={"mood": "calm"},
            due_at=in_an_hour(),
        )  # fmt: skip
    publication = planning.request_approval(
        by=carol, workspace=workspace, content=content, options={"mood": "calm"}, due_at=None
    )

    assert Post.objects.count() == 1
    assert publication.state == "awaiting_approval"


def test_a_contributor_leaves_what_others_have_planned(alice, carol, workspace, channel):
    publication = bring(a_publication(alice, channel), State.SCHEDULED, by=alice)
    rewritten = Content(caption="Carol was here", channel=channel)

    with pytest.raises(PermissionDenied):
        planning.request_approval(
            by=carol, workspace=workspace, post=publication.post, content=rewritten,
            options={"mood": "calm"}, due_at=None,
        )  # fmt: skip

    publication.refresh_from_db()
    assert (publication.state, publication.post.caption) == ("scheduled", "Sunrise")


def test_a_contributor_leaves_what_others_have_asked_for(alice, carol, workspace, channel):
    publication = bring(a_publication(alice, channel), State.AWAITING_APPROVAL, by=alice)
    elsewhere = Content(channel=a_channel(workspace, "moonlight"))

    with pytest.raises(PermissionDenied):
        save_draft(by=carol, workspace=workspace, post=publication.post, content=elsewhere)

    assert list(Publication.objects.values_list("pk", "state")) == [
        (publication.pk, "awaiting_approval")
    ]


def test_a_stranger_saves_nothing(bob, workspace):
    with pytest.raises(PermissionDenied):
        save_draft(by=bob, workspace=workspace, content=Content(caption="Bob was here"))

    assert Post.objects.count() == 0


def test_an_approval_is_for_what_was_seen(plain, alice, channel):
    publication = a_publication(alice, channel)
    seen = publication.content_digest()
    Post.objects.update(caption="Sunset")
    publication.refresh_from_db()

    with pytest.raises(NotApproved):
        publication.schedule(in_an_hour(), by=alice, seen_digest=seen)


def test_a_copy_has_the_words_and_the_video_and_no_choice(plain, alice, channel):
    publication = bring(a_publication(alice, channel), State.PUBLISHED, by=alice)
    plain.moods[publication.pk] = "wild"

    copy = planning.duplicate(publication.post, by=alice)

    [twin] = copy.publications.all()
    assert (copy.caption, copy.ordered_media) == ("Sunrise", publication.shown_media)
    assert (twin.state, twin.channel, twin.approval) == ("draft", channel, None)
    assert twin.pk not in plain.moods


@pytest.mark.parametrize("state", list(State))
def test_only_what_is_at_rest_leaves_the_lists(alice, workspace, channel, state):
    publication = bring(a_publication(alice, channel), state, by=alice)

    if state in planning.AT_REST:
        planning.archive(publication.post, by=alice)
    else:
        with pytest.raises(IllegalMove, match="Cancel it first"):
            planning.archive(publication.post, by=alice)

    listed = Post.objects.in_workspace(workspace).exists()
    assert listed is (state not in planning.AT_REST)
    publication.refresh_from_db()
    assert publication.state == state


def test_what_is_planned_after_all_is_in_the_lists_again(plain, alice, workspace, channel):
    publication = a_publication(alice, channel)
    planning.archive(publication.post, by=alice)

    publication.schedule(in_an_hour(), by=alice)

    assert list(Post.objects.in_workspace(workspace)) == [publication.post]


def test_a_contributor_removes_drafts_only(carol, alice, channel):
    published = bring(a_publication(alice, channel), State.PUBLISHED, by=alice)
    draft = Post.objects.create(workspace=channel.workspace, author=carol)

    planning.archive(draft, by=carol)
    with pytest.raises(PermissionDenied):
        planning.archive(published.post, by=carol)

    planning.unarchive(draft, by=carol)
    assert Post.objects.in_workspace(channel.workspace).count() == 2
