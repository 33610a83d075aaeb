"""Where a published post can be seen: the public id, and the link (Protocol 10, 12.2).

The id comes by status, by event, or by looking through the creator's public videos for the one
with our caption. TikTok gives it late, and for what is not public never.
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings
from django.utils import timezone

from posts.models import Attempt, MediaKind, Publication, Verdict
from tiktok.answers import ListedVideo, PostStatus, VideoPage
from tiktok.calls import as_creator
from tiktok.checks import options_of
from tiktok.errors import TikTokError
from tiktok.models import PostMode
from tiktok.publishing.visibility import hidden_since, told_ids

log = logging.getLogger(__name__)

PUBLIC = "PUBLIC_TO_EVERYONE"
LIST_SCOPE = "video.list"
LONGEST_ID = 64  # characters; TikTok's have 19 digits
LONGEST_LINK = 500  # characters; a handle of strange letters may take twelve for each
SHOWN_TEXT = 150  # characters of a caption that a list shows (Protocol 12.4)
LOOK_AFTER = timedelta(minutes=1)  # until then the id may well come by itself
MOST_PAGES = 5  # of 20 videos; more since our init would be no match to rely on

Link = dict[str, Any]  # platform_post_id, permalink, hidden_since; or nothing


def waits_for_link(publication: Publication) -> bool:
    """Whether TikTok may still say where it is: never, if not everybody may see it."""
    options = options_of(publication)
    # What stands beside a draft is a note: the creator chose in TikTok.
    return options.mode == PostMode.INBOX or options.privacy_level in {PUBLIC, ""}


def link_to(publication: Publication, attempt: Attempt, ids: list[str]) -> Link:
    """What leads to the first of `ids`, as in `public_ids`. Asks nobody."""
    return _link(publication, attempt, ids[0]) if ids else {}


def public_ids(attempt: Attempt, status: PostStatus) -> list[str]:
    """What the status, or an event, has told."""
    ids = [*status.public_ids, *told_ids(attempt)]
    return list(dict.fromkeys(each for each in ids if len(each) <= LONGEST_ID))


def find_link(publication: Publication, attempt: Attempt, ids: list[str]) -> Link:
    """As `link_to`; and where there is no id for long, by the caption. Calls TikTok then."""
    found = link_to(publication, attempt, ids)
    if found or not _may_look(publication):
        return found
    try:
        video = _only_match(publication, attempt)
    except TikTokError as error:
        log.warning("looking for the link of publication %s failed: %s", publication.pk, error)
        return {}
    if video is None:
        return {}
    link = _link(publication, attempt, video.id)
    return link | {"permalink": without_tracking(video.share_url) or link["permalink"]}


def without_tracking(address: str) -> str:
    """A link of TikTok's to a post, bare of what follows people; nothing when it is another's."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    ours = urlsplit(settings.TIKTOK_SITE_URL)
    host = parts.hostname or ""
    tiktoks = parts.scheme == "https" and (host == "tiktok.com" or host.endswith(".tiktok.com"))
    if set("@\\") & set(parts.netloc):
        return ""  # browsers may read another host in it than we do
    if not tiktoks and (parts.scheme, parts.netloc) != (ours.scheme, ours.netloc):
        return ""
    bare = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    return bare if len(bare) <= LONGEST_LINK else ""


def _link(publication: Publication, attempt: Attempt, post_id: str) -> Link:
    handle = publication.channel.username
    photos = any(medium.kind == MediaKind.PHOTO for medium in publication.shown_media)
    place = f"@{quote(handle)}/{'photo' if photos else 'video'}/{quote(post_id, safe='')}"
    permalink = f"{settings.TIKTOK_SITE_URL}/{place}" if handle else ""
    return {
        "platform_post_id": post_id,
        "permalink": permalink if len(permalink) <= LONGEST_LINK else "",
        "hidden_since": hidden_since(attempt, post_id),
    }


def _may_look(publication: Publication) -> bool:
    """The list shows public posts only, and a match needs words to go by."""
    since = publication.published_at
    return (
        since is not None
        and timezone.now() - since >= LOOK_AFTER
        and LIST_SCOPE in publication.channel.scopes
        and waits_for_link(publication)
        and bool(publication.caption.strip())
    )


def _only_match(publication: Publication, attempt: Attempt) -> ListedVideo | None:
    """The one public video since our init that says what we said and is nobody else's."""
    if _has_a_twin(publication, attempt):
        return None
    free = videos_like(publication, since=attempt.intended_at)
    return free[0] if len(free) == 1 else None


def videos_like(publication: Publication, *, since: datetime) -> list[ListedVideo]:
    """The account's public videos made since then that say the same, and are no other post's.

    Calls TikTok; raises TikTokError.
    """
    videos = _videos_since(publication, since)
    matching = [each for each in videos if each.text.strip() in _shown(publication.caption)]
    linked = Publication.objects.filter(
        channel__platform="tiktok", platform_post_id__in=[each.id for each in matching]
    )
    taken = set(linked.values_list("platform_post_id", flat=True))
    return [each for each in matching if each.id not in taken]


def _has_a_twin(publication: Publication, attempt: Attempt) -> bool:
    """Whether another post of the account with the same words has no link yet either."""
    since = attempt.intended_at - timedelta(days=1)
    rivals = (
        Attempt.objects.filter(publication__channel=publication.channel, intended_at__gte=since)
        .filter(publication__platform_post_id="")
        .exclude(publication=publication)
        .exclude(verdict__in=[Verdict.FAILED, Verdict.INCOMPLETE])
    )
    captions = rivals.values_list("publication__caption", flat=True)
    return any(_shown(caption) & _shown(publication.caption) for caption in captions)


def _videos_since(publication: Publication, moment: datetime) -> list[ListedVideo]:
    """The public videos made since then; none when there are too many to be sure of."""
    found: list[ListedVideo] = []
    cursor: int | None = None
    for _ in range(MOST_PAGES):
        page = _page(publication, cursor)
        for video in page.videos:
            if video.created_at < moment.astimezone(UTC).replace(microsecond=0):
                return found
            found.append(video)
        if not page.has_more or page.cursor is None or page.cursor == cursor:
            return found
        cursor = page.cursor
    return []


def _page(publication: Publication, cursor: int | None) -> VideoPage:
    return as_creator(publication.channel, lambda client: client.list_videos(cursor))


def _shown(caption: str) -> set[str]:
    """How a list may show it: whole, or cut, whether letters are counted or UTF-16 units."""
    whole = caption.strip()
    units = whole.encode("utf-16-le")[: SHOWN_TEXT * 2].decode("utf-16-le", "ignore")
    return {whole, whole[:SHOWN_TEXT].strip(), units.strip()}
