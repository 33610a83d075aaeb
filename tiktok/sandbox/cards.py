"""The pieces that the pages are made of: one creator, one draft, one video."""

import re
import sqlite3

from tiktok.sandbox import creators, publications, pulls, videos
from tiktok.sandbox.creators import PRIVACY_LABELS
from tiktok.sandbox.init_body import CAPTION_LIMIT, DESCRIPTION_LIMIT
from tiktok.sandbox.markup import Html, escape, join, moment, render, size, when
from tiktok.sandbox.publications import Status

TAG = re.compile(r"(?<!\S)[#@][\w.:]+")


def creator_card(db: sqlite3.Connection, creator: sqlite3.Row, now: float) -> Html:
    drafts = len(publications.drafts_of(db, creator["id"], now))
    return render(
        "_creator_card.html",
        handle=creator["handle"],
        display_name=creator["display_name"],
        private=private_tag(creator),
        counts=f"{live_of(db, creator['id'], now)}, {counted(drafts, 'draft')}",
    )


def live_of(db: sqlite3.Connection, creator_id: int, now: float) -> str:
    """What is on a profile, in words: of photos they say how many posts, not how many photos."""
    photos = videos.count_of_photos(db, creator_id, now)
    films = videos.count(db, creator_id, now) - photos
    said = [counted(films, "video")] if films or not photos else []
    return ", ".join(said + ([counted(photos, "photo post")] if photos else []))


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def private_tag(creator: sqlite3.Row) -> Html:
    return when(creator["private"], '<span class="tag">Private</span>')


def media_of(db: sqlite3.Connection, publication: sqlite3.Row) -> Html:
    """A player for a video, or the photos in a row, the cover marked."""
    publish_id = publication["publish_id"]
    if not publication["is_photos"]:
        return render("_video.html", publish_id=publish_id)
    count = len(pulls.of_publication(db, publish_id))
    cover = publication["photo_cover_index"]
    photos = [
        Html(f'<img src="/media/{escape(publish_id)}/{number}" alt="Photo {number + 1}"')
        + when(number == cover, ' class="cover"')
        + ">"
        for number in range(count)
    ]
    row = Html("".join(photos))
    return render("_photos.html", photos=row, count=counted(count, "photo"), cover=cover + 1)


def title_of(publication: sqlite3.Row) -> Html:
    title = publication["title"]
    return Html(f'<p class="title">{escape(title)}</p>') if title else Html("")


def draft_card(db: sqlite3.Connection, draft: sqlite3.Row, options: list[str], now: float) -> Html:
    posted = publications.status(db, draft, now) is Status.PUBLISH_COMPLETE
    return render(
        "_draft.html",
        handle=draft["handle"],
        publish_id=draft["publish_id"],
        media=media_of(db, draft),
        caption=draft["caption"],
        limit=DESCRIPTION_LIMIT if draft["is_photos"] else CAPTION_LIMIT,
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
    if publication["pulled"] and publication["completed_at"] is None:
        state = f"Fetching: {size(received)} so far"
    elif received < whole:
        state = f"Uploading: {size(received)} of {size(whole)}"
    else:
        state = f"Processing {size(whole)}"
    return render(
        "_coming.html",
        caption=publication["caption"] or "Without a caption",
        state=state,
        progress=Html(f'value="{received}" max="{whole}"') if whole else Html(""),
    )


def video_card(db: sqlite3.Connection, video: sqlite3.Row) -> Html:
    return render(
        "_video_card.html",
        path=videos.path(video),
        media=media_of(db, video),
        title=title_of(video),
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
    if video["auto_add_music"]:
        words.append("Music added")
    possible = ("comment",) if video["is_photos"] else ("comment", "duet", "stitch")
    off = [name for name in possible if video[f"disable_{name}"]]
    if off:
        words.append(f"No {', '.join(off)}")
    if video["cover_ms"]:
        words.append(f"Cover at {video['cover_ms'] / 1000:.1f} s")
    return join([Html(f'<li class="tag">{escape(word)}</li>') for word in words])
