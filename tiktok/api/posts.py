"""A post to TikTok in one call, and publishing it in another."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Status
from pydantic import Field, ValidationError

from accounts.api.bodies import StrictParser
from accounts.api.callers import Caller
from accounts.api.endpoints import Room, caller_in
from accounts.api.examples import MEDIUM, Example
from accounts.api.refusals import Conflict, Invalid, fields_of
from accounts.api.schemas import Id, Strict
from accounts.models import Scope
from accounts.permissions import Right
from posts.api.access import post_or_404
from posts.api.checked import wait_until_checked
from posts.api.examples import SOON, post_in
from posts.api.files import FilesBody, files_of
from posts.api.judging import channel_of, content_of, wish_of
from posts.api.schemas import Consent, PostOut, ScheduledAt, Title, Words
from posts.api.showing import shown, state_of
from posts.api.writing import write
from posts.media.keeping import keep_medium
from posts.media.removing import remove_medium
from posts.models import Media, MediaKind
from posts.planning import Content
from posts.states import State
from tiktok.api.connecting import only_account
from tiktok.api.flat import TikTokChoices
from tiktok.limits import PHOTOS_MAX_COUNT

tiktok_posts = Room(tags=["TikTok"])

TO_COME = (
    State.DRAFT, State.AWAITING_APPROVAL, State.SCHEDULED, State.HELD, State.FAILED,
)  # fmt: skip


class TikTokPostIn(TikTokChoices):
    channel_id: Annotated[
        Id | None, Field(description="May be left out with exactly one account.")
    ] = None
    media_id: UUID | None = Field(None, description="A video, or a single photo.")
    media_ids: list[UUID] = Field(
        default_factory=list, max_length=PHOTOS_MAX_COUNT, description="Photos, in order."
    )
    caption: Words = ""
    title: Title = ""
    scheduled_at: ScheduledAt = None
    consent: Consent = False


class Publish(Strict):
    consent: Consent = False


FIELDS = tuple(TikTokPostIn.model_fields)
LISTS = ("media_ids",)
BODY = FilesBody(files=("video", "photos"), fields=FIELDS, lists=LISTS, or_json=True)
CONSENT_ONCE = Publish()
SAID = {"caption": "Sunrise over the harbour #morning", "privacy_level": "PUBLIC_TO_EVERYONE"}


def _document() -> dict[str, Any]:
    schema = TikTokPostIn.model_json_schema()
    document = BODY.document(fields=schema["properties"])
    content = document["requestBody"]["content"]
    photos = content["multipart/form-data"]["schema"]["properties"]
    photos["photos"] = {"type": "array", "items": photos["photos"], "maxItems": PHOTOS_MAX_COUNT}
    content["application/json"] = {"schema": schema}
    return document


@tiktok_posts.endpoint(
    "POST",
    "/api/v1/tiktok/posts/",
    gives={201: PostOut},
    needs=Scope.WRITE,
    errors=(422,),
    body=BODY,
    summary="A TikTok post in one call",
    example=(
        Example(files={"video": "sunrise.mp4"}, form=SAID, answer=post_in("draft")),
        Example(files={"photos": "pier.jpg"}, form=SAID | {"title": "The pier"}),
        Example(body=SAID | {"media_id": MEDIUM, "scheduled_at": SOON, "consent": True}),
    ),
    document=_document(),
)
def create_tiktok_post(request: HttpRequest) -> Status[PostOut]:
    """As JSON with `media_id` or `media_ids`, or as a form with the file in `video` or up to 35 in
    `photos`, each as a field of that name. With a `scheduled_at` it is planned, for which `consent`
    must be true; without one it is a draft, and a `consent` is kept for the moment at which it is
    published unchanged."""
    caller = caller_in(request)
    sent = _sent(request)
    channel = (
        only_account(caller.workspace)
        if sent.channel_id is None
        else channel_of(caller.workspace, sent.channel_id)
    )
    chosen = set(sent.model_fields_set) & set(TikTokChoices.model_fields)
    wish = wish_of(
        channel,
        sent.model_dump(include=chosen),
        due_at=sent.scheduled_at,
        says_when=sent.scheduled_at is not None,
        consent=sent.consent,
    )
    with _received(request, caller) as received, _named_as_sent(request, sent):
        media = received or _named(sent)
        # Whoever may publish and does not consent is refused at once.
        if sent.consent or (sent.scheduled_at and not caller.may(Right.PUBLISH)):
            wait_until_checked(caller.workspace, media)
        content = content_of(caller.workspace, caption=sent.caption, title=sent.title, media=media)
        made = write(caller, content, [wish])
    return Status(201, shown(post_or_404(request, made.pk)))


@tiktok_posts.endpoint(
    "POST",
    "/api/v1/tiktok/posts/{post_id}/publish",
    gives={202: PostOut},
    needs=Scope.PUBLISH,
    errors=(409, 422),
    summary="Publish it now",
    example=Example(body={"consent": True}, answer=post_in("scheduled")),
)
def publish(
    request: HttpRequest, post_id: Path[Id], body: Publish = CONSENT_ONCE
) -> Status[PostOut]:
    """To every TikTok account that the post is for. A draft needs `consent`, here or when it was
    created; what was approved already needs no other. 409 with the state when it is past that.
    Ask /posts/{id} until it is published."""
    caller = caller_in(request)
    media = [medium.pk for medium in post_or_404(request, post_id).ordered_media]
    wait_until_checked(caller.workspace, media)
    post = post_or_404(request, post_id)  # as it is after the wait
    publications = [each for each in post.publications.all() if each.channel.platform == "tiktok"]
    to_come = [each for each in publications if each.state in TO_COME]
    if not to_come:
        state = state_of(publications)
        raise Conflict(
            "There is nothing of this post that could be published now.",
            code="illegal_move" if publications else "no_account",
            state=state if publications else "",
        )
    content = Content(caption=post.caption, title=post.title, media=post.ordered_media)
    rest = {"due_at": timezone.now(), "says_when": True, "now": True, "consent": body.consent}
    write(caller, content, [wish_of(each.channel, {}, **rest) for each in to_come], post=post)
    return Status(202, shown(post_or_404(request, post_id)))


def _sent(request: HttpRequest) -> TikTokPostIn:
    """Raises Invalid and BadRequest."""
    told: Mapping[str, Any]
    if request.content_type == "application/json":
        told = StrictParser().parse_body(request)
    else:
        told = {
            name: values if name in LISTS else values[-1] for name, values in request.POST.lists()
        }
    try:
        return TikTokPostIn.model_validate(told)
    except ValidationError as error:
        raise Invalid(fields=fields_of(error)) from error


@contextmanager
def _received(request: HttpRequest, caller: Caller) -> Iterator[list[UUID]]:
    """The media that came along; kept, unless the block ends with an error."""
    videos, photos = files_of(request, "video"), files_of(request, "photos")
    if len(videos) > 1 or (videos and photos):
        raise Invalid(fields={"video": ["Send one video, or photos."]})
    if len(photos) > PHOTOS_MAX_COUNT:
        raise Invalid(fields={"photos": [f"TikTok takes {PHOTOS_MAX_COUNT} photos at the most."]})
    kept: list[Media] = []
    try:
        for file in videos or photos:
            kept.append(keep_medium(file, by=caller.user, workspace=caller.workspace))
        _refuse_other_kinds(kept, "video" if videos else "photos")
        yield [medium.pk for medium in kept]
    except BaseException:
        for medium in kept:
            remove_medium(medium)
        raise


def _refuse_other_kinds(media: list[Media], name: str) -> None:
    if any((medium.kind == MediaKind.VIDEO) != (name == "video") for medium in media):
        raise Invalid(fields={name: ["A video goes into “video”, and photos into “photos”."]})


@contextmanager
def _named_as_sent(request: HttpRequest, sent: TikTokPostIn) -> Iterator[None]:
    """What is wrong with the files, under the name that the program gave them."""
    files = next(iter(request.FILES), "media_ids" if sent.media_ids else "media_id")
    try:
        yield
    except Invalid as error:
        if "media" in error.fields:
            error.fields[files] = error.fields.pop("media")
        raise


def _named(sent: TikTokPostIn) -> list[UUID]:
    if sent.media_id and sent.media_ids:
        raise Invalid(fields={"media_id": ["Send media_id or media_ids, not both."]})
    return [sent.media_id] if sent.media_id else sent.media_ids
