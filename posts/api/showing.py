"""Posts and media as programs get them. Asks the database nothing that was not loaded along."""

from typing import Any

from accounts.models import User
from posts.api.schemas import Author, Failure, MediaOut, PostOut, PublicationOut
from posts.models import Media, Post, Publication, all_photos
from posts.models.post import PostQuerySet
from posts.platforms import platform_of, platforms
from posts.states import HeldReason, State

# The one that most wants attention first.
BY_URGENCY = (
    State.FAILED,
    State.UNCONFIRMED,
    State.HELD,
    State.AWAITING_APPROVAL,
    State.SENDING,
    State.PROCESSING,
    State.SCHEDULED,
    State.DRAFT,
    State.DELIVERED,
    State.PUBLISHED,
    State.CANCELED,
)


def with_all(posts: PostQuerySet) -> PostQuerySet:
    """With everything that is shown, in a fixed number of queries."""
    stored = [f"publications__{name}" for each in platforms() for name in each.flat.related]
    return posts.with_details().prefetch_related("publications__attempts", *stored)


def shown(post: Post) -> PostOut:
    media = post.ordered_media
    publications = sorted(post.publications.all(), key=lambda each: each.pk)
    return PostOut(
        id=post.pk,
        caption=post.caption,
        title=post.title,
        kind=("photos" if all_photos(media) else "video") if media else None,
        media=[medium.pk for medium in media],
        author=author(post.author),
        state=state_of(publications),
        created_at=post.created_at,
        updated_at=post.updated_at,
        publications=[shown_publication(each) for each in publications],
    )


def shown_publication(publication: Publication) -> PublicationOut:
    begun = [each.publish_id for each in publication.attempts.all() if each.publish_id]
    failure = publication.failure
    return PublicationOut(
        id=publication.pk,
        platform=publication.channel.platform,
        channel_id=publication.channel_id,
        state=State(publication.state),
        held_reason=HeldReason(publication.held_reason) if publication.held_reason else None,
        scheduled_at=publication.due_at,
        options=platform_of(publication.channel).flat.of(publication),
        publish_id=begun[-1] if begun else None,
        post_id=publication.platform_post_id or None,
        permalink=publication.permalink or None,
        published_at=publication.published_at,
        delivered_at=publication.delivered_at,
        lateness_ms=publication.lateness_ms,
        failure=_failure(failure) if failure else None,
    )


def state_of(publications: list[Publication]) -> State:
    """What goes nowhere yet is a draft."""
    states = {publication.state for publication in publications}
    return next((state for state in BY_URGENCY if state in states), State.DRAFT)


def author(user: User | None) -> Author | None:
    return Author(id=user.pk, username=user.username) if user else None


def shown_medium(medium: Media) -> MediaOut:
    return MediaOut.model_validate(medium, from_attributes=True)


def _failure(kept: dict[str, Any]) -> Failure:
    return Failure(
        code=kept.get("code", ""),
        message=kept.get("message", ""),
        what_to_do=kept.get("what_to_do", ""),
        retryable=bool(kept.get("retryable")),
    )
