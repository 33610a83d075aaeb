"""Posts, publications and media, as programs send and get them."""

from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from accounts.api.schemas import Id, Moment, MomentIn, Strict
from posts.forms.compose import CAPTION_LIMIT, TITLE_LIMIT
from posts.models.media import MediaKind, MediaState
from posts.states import HeldReason, State

Words = Annotated[str, Field(max_length=CAPTION_LIMIT)]
Title = Annotated[str, Field(max_length=TITLE_LIMIT, description="Photos only.")]
MediaIds = Annotated[
    list[UUID], Field(max_length=35, description="In order; from /media/ or /uploads/.")
]
ScheduledAt = Annotated[
    MomentIn | None,
    Field(description="With an offset. Without it the publication stays a draft."),
]
Consent = Annotated[
    bool,
    Field(
        description="Must be true to schedule or publish: that whoever sends this agrees to the "
        "platform's terms for exactly this content."
    ),
]


class PublicationIn(Strict):
    channel_id: Id
    scheduled_at: ScheduledAt = None
    options: dict[str, Any] = Field(
        default_factory=dict, description="The platform's own choices, flat."
    )
    consent: Consent = False


class PostIn(Strict):
    caption: Words = ""
    title: Title = ""
    media: MediaIds = Field(default_factory=list)
    publications: list[PublicationIn] = Field(default_factory=list, max_length=20)


class PostChanges(Strict):
    """What is left out stays as it is. A publication is named by its account."""

    caption: Words | None = None
    title: Title | None = None
    media: MediaIds | None = None
    publications: list[PublicationIn] = Field(default_factory=list, max_length=20)


class Failure(Schema):
    code: str
    message: str
    what_to_do: str
    retryable: bool


class PublicationOut(Schema):
    id: int
    platform: str
    channel_id: int
    state: State
    held_reason: HeldReason | None = Field(description="Why, while it is held.")
    scheduled_at: Moment | None = Field(
        description="Of a draft: when it would go out; it does not before it is scheduled."
    )
    options: dict[str, Any]
    publish_id: str | None = Field(description="The platform's own id of the sending.")
    post_id: str | None = Field(description="The platform's own id of what is live: a text.")
    permalink: str | None = Field(description="Where it can be seen, once that is known.")
    published_at: Moment | None
    delivered_at: Moment | None = Field(description="When the draft was in the creator's inbox.")
    lateness_ms: int | None = Field(description="From planned to published.")
    failure: Failure | None


class Author(Schema):
    id: int
    username: str


class PostOut(Schema):
    id: int
    caption: str
    title: str
    kind: Literal["video", "photos"] | None = Field(description="Empty: without media yet.")
    media: list[UUID] = Field(description="In order; see /media/.")
    author: Author | None = Field(description="Empty: a former member.")
    state: State = Field(description="Of its publications, the one that most wants attention.")
    created_at: Moment
    updated_at: Moment
    publications: list[PublicationOut]


class PostPage(Schema):
    posts: list[PostOut]
    next_cursor: str | None = Field(description="For the next page; empty on the last.")


class Paging(Strict):
    cursor: str | None = Field(None, max_length=120, description="As `next_cursor` gave it.")
    limit: int = Field(20, ge=1, le=100)


class PostFilter(Paging):
    platform: str | None = Field(None, max_length=20, description="Such as `tiktok`.")
    state: State | None = Field(None, description="Posts of which something is in this state.")
    channel_id: Id | None = Field(None, description="Posts for this account.")
    author: Id | None = Field(None, description="The id of a person, not the name.")
    from_: MomentIn | None = Field(
        None, alias="from", description="Planned, or without a plan made, at this time or later."
    )
    to: MomentIn | None = Field(None, description="… before this time.")
    q: str | None = Field(None, max_length=200, description="Words of the caption or title.")


class EventOut(Schema):
    id: int
    publication_id: int
    at: Moment
    before: State
    after: State
    because: str = Field(description="A sentence for people.")
    by: Author | None = Field(description="Empty: a machine.")
    details: dict[str, Any]


class EventPage(Schema):
    events: list[EventOut]
    next_cursor: str | None


class AskFirst(Strict):
    ask: bool = Field(False, description="Ask the store and the platform, too.")


class FindingOut(Schema):
    code: str
    message: str
    what_to_do: str
    blocks: bool = Field(description="Whether it stands in the way, or is to be aware of.")


class Preflight(Schema):
    publication_id: int
    channel_id: int
    ready: bool = Field(description="Nothing stands in the way.")
    findings: list[FindingOut]


class Preflights(Schema):
    publications: list[Preflight]


class ProblemOfMedia(Schema):
    code: str
    message: str


class MediaOut(Schema):
    id: UUID
    kind: MediaKind
    name: str
    state: MediaState
    size: int = Field(description="Bytes.")
    sha256: str
    content_type: str
    width: int | None = Field(description="Pixels, as shown.")
    height: int | None
    duration: float | None = Field(description="Seconds.")
    frame_rate: float | None
    problems: list[ProblemOfMedia] = Field(description="Why it was not accepted.")
    created_at: Moment


class MediaPage(Schema):
    media: list[MediaOut]
    next_cursor: str | None


class MediaFilter(Paging):
    state: MediaState | None = None
    kind: MediaKind | None = None


# What comes with the verbs of a publication


class Note(Strict):
    note: str = Field(min_length=1, max_length=1000, description="What should change.")


class When(Strict):
    scheduled_at: MomentIn
    consent: Consent = False


class Approve(Strict):
    consent: Consent = False
    scheduled_at: MomentIn | None = Field(
        None, description="Another time than the one that was asked for."
    )


class Resolve(Strict):
    live: bool = Field(description="Whether it is live: somebody has looked.")
    link: str = Field("", max_length=500, description="The address of the post, if it is live.")
    consent: bool = Field(
        False, description="It is not live, and is to be sent again: must be true for that."
    )
