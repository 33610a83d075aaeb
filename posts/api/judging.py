"""What a program sends, judged by the forms that the composer has; their errors under its names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from pydantic import ValidationError

from accounts.api.refusals import Fields, Invalid, fields_of
from accounts.models import Channel, Workspace
from posts.forms import ComposeForm
from posts.forms.when import FARTHEST
from posts.models import Media, Post, Publication, all_photos
from posts.planning import Content
from posts.platforms import platform_of

NAME_OF = {"medium": "media", "channel": "channel_id", "__all__": "post"}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a program wants of one account. `place` and `options_place` are where in the request its
    fields stand, to name them in errors."""

    channel: Channel
    chosen: Mapping[str, Any] = field(default_factory=dict)  # flat, of the platform
    due_at: datetime | None = None
    says_when: bool = False  # whether a time, or that there is none, was sent at all
    consent: bool = False
    now: bool = False  # as soon as it can be, also what is planned for later or has failed
    approves: bool = False  # somebody looks at what waits: it is to go, not to wait on
    place: str = ""
    options_place: str = ""


def content_of(
    workspace: Workspace,
    *,
    caption: str,
    title: str,
    media: Sequence[UUID],
    post: Post | None = None,
) -> Content:
    """Raises Invalid."""
    form = ComposeForm(
        {"caption": caption, "title": title, "medium": [str(each) for each in media]},
        workspace=workspace,
        post=post,
    )
    if form.has_error("medium", "invalid_choice"):
        raise Invalid(fields={"media": ["One of these is no medium of this workspace."]})
    _refuse(form)
    found: list[Media] = form.cleaned_data["medium"]
    title = form.cleaned_data["title"]
    if title and found and not all_photos(found):
        raise Invalid(fields={"title": ["Only posts of photos have a title."]})
    return Content(caption=form.cleaned_data["caption"], title=title, media=found)


def channel_of(workspace: Workspace, channel_id: int, *, place: str = "") -> Channel:
    channel = workspace.channels.kept().filter(pk=channel_id).first()
    if channel is None:
        gone = "This workspace has no such account. /channels/ lists those it has."
        raise Invalid(fields={f"{place}channel_id": [gone]})
    return channel


def wish_of(channel: Channel, options: Mapping[str, Any], **rest: Any) -> Wish:
    """With the platform's choices judged by its schema. Raises Invalid."""
    wish = Wish(channel=channel, **rest)
    if wish.due_at is not None and not wish.now:
        _refuse_time(wish)
    return replace(wish, chosen=chosen_by(wish, options))


def chosen_by(wish: Wish, options: Mapping[str, Any]) -> dict[str, Any]:
    """What of `options` was said, if the platform's schema has nothing against it."""
    try:
        chosen = platform_of(wish.channel).flat.schema.model_validate(dict(options))
    except ValidationError as error:
        raise Invalid(fields=fields_of(error, prefix=wish.options_place)) from error
    return chosen.model_dump(exclude_unset=True)


def refuse_unfit(wish: Wish, chosen: Mapping[str, Any], media: list[Media]) -> None:
    """Nothing that was chosen is dropped without a word. Raises Invalid."""
    if media:
        unfit = platform_of(wish.channel).flat.unfit(chosen, media=media)
        if unfit:
            place = wish.options_place
            raise Invalid(fields={f"{place}{name}": [said] for name, said in unfit.items()})


def judged(
    wish: Wish, content: Content, chosen: Mapping[str, Any], stored: Publication | None
) -> dict[str, Any]:
    """The platform's choices as they are stored, once everything holds. Asks the platform, so that
    it may take seconds. Raises Invalid, and the error by which the platform did not answer."""
    refuse_unfit(wish, chosen, content.media)
    compose = ComposeForm(
        {"medium": [str(each.pk) for each in content.media], "channel": str(wish.channel.pk)},
        workspace=wish.channel.workspace,
    )
    compose.is_valid()
    compose.ready_to_go()
    _refuse(compose, prefix="")
    platform = platform_of(wish.channel)
    form = platform.options_form(
        platform.flat.as_form(chosen, media=content.media),
        channel=wish.channel,
        media=content.media,
        publication=stored,
    )
    if not form.is_valid():
        if away := getattr(form, "unanswered", None):
            raise away
        names = {name: platform.flat.name_of(name) for name in form.errors if name != "__all__"}
        raise Invalid(fields=_told(form, names, prefix=wish.options_place))
    return form.cleaned_data


def _refuse(form: forms.Form, prefix: str = "") -> None:
    if form.errors:
        raise Invalid(fields=_told(form, NAME_OF, prefix=prefix))


def _told(form: forms.Form, names: Mapping[str, str], *, prefix: str) -> Fields:
    """What concerns the post as a whole stands under “post”."""
    return {
        "post" if name == "__all__" else f"{prefix}{names.get(name, name)}": [
            str(each) for each in errors
        ]
        for name, errors in form.errors.items()
    }


def _refuse_time(wish: Wish) -> None:
    now = timezone.now()
    at = wish.due_at
    if at is not None and at <= now:
        sentence = f"That time has passed: it is {now:%Y-%m-%dT%H:%M:%SZ} now."
    elif at is not None and at > now + FARTHEST:
        sentence = "Choose a time within a year from now."
    else:
        return
    raise Invalid(fields={f"{wish.place}scheduled_at": [sentence]})
