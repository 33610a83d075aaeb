"""What a publication says: the post's words until it is approved, its own frozen ones after."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from posts.models.approval import digest_of
from posts.models.media import Media, all_photos
from posts.platforms import platform_of

if TYPE_CHECKING:
    from posts.models.publication import Publication


class FrozenContent:
    """The part of a Publication that a person approves."""

    @property
    def is_frozen(self) -> bool:
        return cast("Publication", self).approval_id is not None

    @property
    def shown_caption(self) -> str:
        publication = cast("Publication", self)
        return publication.caption if self.is_frozen else publication.post.caption

    @property
    def shown_title(self) -> str:
        publication = cast("Publication", self)
        return publication.title if self.is_frozen else publication.post.title

    @property
    def shown_media(self) -> list[Media]:
        publication = cast("Publication", self)
        items = publication.items if self.is_frozen else publication.post.items
        return [item.media for item in items.all()]

    @property
    def shows_photos(self) -> bool:
        return all_photos(self.shown_media)

    @property
    def ends_as_draft(self) -> bool:
        """A person finishes it in the platform's app: nothing goes live by itself."""
        publication = cast("Publication", self)
        return publication.pk in platform_of(publication.channel).ends_as_draft([publication])

    def freeze(self, *, media: Iterable[Media]) -> None:
        """Copy what the post says now: the content that is about to be approved."""
        publication = cast("Publication", self)
        publication.caption = publication.post.caption
        publication.title = publication.post.title
        publication.items.all().delete()
        for position, medium in enumerate(media):
            publication.items.create(media=medium, position=position)

    def content(self) -> dict[str, Any]:
        """Everything a person approves, of the frozen content: what the digest covers."""
        publication = cast("Publication", self)
        return {
            "caption": publication.caption,
            "title": publication.title,
            "media": [item.media.sha256 for item in publication.items.all()],
            "account": f"{publication.channel.platform}:{publication.channel.external_id}",
            "options": platform_of(publication.channel).options(publication),
        }

    def content_of_post(self) -> dict[str, Any]:
        """The same, of what the post says now: what would be approved."""
        publication = cast("Publication", self)
        post = publication.post
        return publication.content() | {
            "caption": post.caption,
            "title": post.title,
            "media": [medium.sha256 for medium in post.ordered_media],
        }

    def said_in_words(self) -> dict[str, Any]:
        """The same, of what the post says now, for people to compare."""
        publication = cast("Publication", self)
        post = publication.post
        return {
            "account": str(publication.channel),
            "title": post.title,
            "caption": post.caption,
            "media": [[medium.sha256, medium.name] for medium in post.ordered_media],
            "choices": [
                list(each) for each in platform_of(publication.channel).chosen(publication)
            ],
        }

    def is_as_approved(self) -> bool:
        approval = cast("Publication", self).approval
        return approval is not None and approval.digest == digest_of(self.content())
