"""The pieces that the pages are made of: one creator, one draft, one video."""

import re
import sqlite3

from tiktok.sandbox import creators, publications, videos
from tiktok.sandbox.creators import PRIVACY_LABELS
from tiktok.sandbox.markup import Html, escape, join, moment, render, size, when
from tiktok.sandbox.publications import Status

TAG = re.compile(r"(?<!\S)[#@][\w.:]+")


def creator_card(db: sqlite3.Connection, creator: sqlite3.Row, now: float) -> Html:
    live = videos.count(db, creator["id"], now)
    drafts = len(publications.drafts_of(db, creator["id"], now))
    return render(
        "_creator_card.html",
        handle=creator["handle"],
        display_name=creator["display_name"],
        private=private_tag(creator),
        counts=f"{counted(live, 'video')}, {counted(drafts, 'draft')}",
    )


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def private_tag(creator: sqlite3.Row) -> Html:
    return when(creator["private"], '<span class="tag">Private</span>')


def draft_card(db: sqlite3.Connection, draft: sqlite3.Row, options: list[str], now: float) -> Html:
    posted = publications.status(db, draft, now) is Status.PUBLISH_COMPLETE
    return render(
        "_draft.html",
        handle=draft["handle"],
        publish_id=draft["publish_id"],
        arrived=moment(draft["ready_at"]),
        bytes=size(draft["size"]),
        options=join([option(value, PRIVACY_LABELS.get(value, value)) for value in options]),
        verb="Post again" if posted else "Post",
        posted=when(posted, '<span class="tag">Posted</span>'),
    )


def option(value: object, label: str, *, selected: bool = False) -> Html:
    chosen = when(selected, " selected")
    return Html(f'<option value="{escape(value)}"{chosen}>{escape(label)}</option>')


def coming_card(publication: sqlite3.Row) -> Html:
    received, whole = publication["received"], publication["size"]
    if received < whole:
        state = f"Uploading: {size(received)} of {size(whole)}"
    else:
        state = f"Processing {size(whole)}"
    return render(
        "_coming.html",
        caption=publication["caption"] or "Without a caption",
        state=state,
        received=received,
        whole=whole,
    )


def video_card(video: sqlite3.Row) -> Html:
    return render(
        "_video_card.html",
        path=videos.path(video),
        publish_id=video["publish_id"],
        caption=with_tags(video["caption"]),
        time=moment(video["live_ms"] / 1000),
        tags=tags_of(video),
    )


def with_tags(caption: str) -> Html:
    """A caption with its tags and mentions standing out, as they do in the app."""
    parts: list[Html] = []
    place = 0
    for match in TAG.finditer(caption):
        parts.append(escape(caption[place : match.start()]))
        parts.append(Html(f'<b class="hashtag">{escape(match[0])}</b>'))
        place = match.end()
    parts.append(escape(caption[place:]))
    return join(parts)


def tags_of(video: sqlite3.Row) -> Html:
    """Who sees it, what TikTok would label it with, and what nobody may do with it."""
    words = [PRIVACY_LABELS.get(video["privacy"], video["privacy"])]
    if video["privacy"] == creators.PUBLIC and not video["is_public"]:
        words.append("Account is private" if video["private"] else "In review")
    if video["brand_content"]:
        words.append("Paid partnership")
    elif video["brand_organic"]:
        words.append("Promotional content")
    if video["is_aigc"]:
        words.append("AI-generated")
    off = [name for name in ("comment", "duet", "stitch") if video[f"disable_{name}"]]
    if off:
        words.append(f"No {', '.join(off)}")
    if video["cover_ms"]:
        words.append(f"Cover at {video['cover_ms'] / 1000:.1f} s")
    return join([Html(f'<li class="tag">{escape(word)}</li>') for word in words])
