"""A publication's whole story as plain text, for a support mail: what happened, and no secret."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from posts.models import Attempt, Media, Publication, PublicationEvent

# Names under which something secret could ever stand, and texts that look like one.
SECRET_NAMES = re.compile(r"token|secret|password|authorization|upload_url|signature|cookie", re.I)
SECRET_TEXTS = re.compile(r"(?:act|rft|clt)\.[\w!*.~-]+|https?://\S*[?&]\S+|Bearer\s+\S+")


def report_of(publication: Publication) -> str:
    """UTC times to the millisecond, codes, ids and byte counts."""
    lines = [
        f"Publication {publication.pk} of post {publication.post_id}, {settings.SITE_URL}",
        f"Written {_at(timezone.now())}",
        f"Account: {publication.channel.platform}, {publication.channel.username or 'no handle'}",
        f"State: {publication.state} {publication.held_reason}".rstrip(),
        f"Planned: {_at(publication.due_at)}",
        f"Delivered: {_at(publication.delivered_at)}",
        f"Published: {_at(publication.published_at)} {publication.permalink}".rstrip(),
        f"Tries: {publication.tries}, version {publication.version}",
        *_named("Failure", publication.failure),
        "",
        "Media",
        *(
            f"  {medium.name}: {_figures(medium)}, sha256 {medium.sha256}"
            for medium in publication.shown_media
        ),
        "",
        "Attempts",
        *(line for attempt in publication.attempts.all() for line in _attempt(attempt)),
        "",
        "History",
        *(line for event in publication.events.all() for line in _event(event)),
    ]
    return SECRET_TEXTS.sub("[removed]", "\n".join(lines))


def without_secrets(value: Any) -> Any:
    """`value`, of JSON's types, without whatever is called like a secret or looks like one."""
    if isinstance(value, dict):
        return {
            key: "[removed]" if SECRET_NAMES.search(str(key)) else without_secrets(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(inner) for inner in value]
    return SECRET_TEXTS.sub("[removed]", value) if isinstance(value, str) else value


def _figures(medium: Media) -> str:
    figures = f"{medium.size} bytes, {medium.width} x {medium.height}"
    if medium.is_photo:
        return f"{figures}, {medium.content_type}"
    moving = f"{medium.duration} s, {medium.frame_rate} fps"
    return f"{figures}, {medium.container} {medium.video_codec}, {moving}"


def _attempt(attempt: Attempt) -> Iterator[str]:
    yield (
        f"  {attempt.number}: {attempt.mode} {attempt.source}, publish_id "
        f"{attempt.publish_id or 'none'}, verdict {attempt.verdict or 'open'}"
    )
    yield (
        f"     intended {_at(attempt.intended_at)}, answered {_at(attempt.answered_at)}, "
        f"sent {_at(attempt.sent_at)}, settled {_at(attempt.settled_at)}"
    )
    yield (
        f"     {attempt.confirmed_bytes} of {attempt.size} bytes in {attempt.chunk_count} chunks "
        f"of {attempt.chunk_size}; {attempt.polls} polls, last status "
        f"{attempt.last_status or 'none'}"
    )
    for address in attempt.pulled.all():
        yield (
            f"     address {address.position + 1}: first fetched "
            f"{_at(address.first_fetched_at)}, closed {_at(address.closed_at)}"
        )
    yield from _named("     Last answer", attempt.last_answer)


def _event(event: PublicationEvent) -> Iterator[str]:
    move = f"{event.before} -> {event.after}" if event.is_move else event.after
    yield f"  {_at(event.at)}  {move}: {event.because}"
    yield from _named("     Details", event.details)


def _named(name: str, value: Any) -> Iterator[str]:
    if value:
        yield f"{name}: {without_secrets(value)}"


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d} UTC" if moment else "-"
