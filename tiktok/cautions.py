"""What may go wrong with a post at TikTok, and is no reason to stop (Protocol 5.3, 5.5, 14)."""

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from posts.models import Attempt, Media, Publication
from posts.platforms import About, Finding
from tiktok.checks import options_of
from tiktok.daily_cap import accounts_posting, direct_posts_before
from tiktok.inbox import full_inbox_findings
from tiktok.limits import (
    CREATOR_POSTS_PER_DAY,
    UNAUDITED_CREATORS_PER_DAY,
    UPLOAD_URL_SECONDS,
    WHOLE_MAX_BYTES,
)
from tiktok.models import PostMode

UPLOADS_LOOKED_AT = 5  # the latest, to learn how fast this installation sends


def warnings(publication: Publication, media: list[Media]) -> list[Finding]:
    found = [*_connection_ends(publication), *_upload_takes_too_long(media)]
    if options_of(publication).mode == PostMode.DIRECT:
        found += _daily_cap(publication)
        if not settings.TIKTOK_APP_AUDITED:
            found += _too_many_accounts(publication)
    else:
        found += full_inbox_findings(publication)
    return found


def _connection_ends(publication: Publication) -> list[Finding]:
    """A refresh may prolong it (Protocol 16, doubt 2), so that it is no reason to stop."""
    ends_at, due_at = publication.channel.refresh_expires_at, publication.due_at
    if ends_at is None or due_at is None or not timezone.now() < ends_at <= due_at:
        return []
    return [
        Finding(
            "connection_ends",
            f"The connection to {publication.channel} may end before this post is due.",
            "Reconnect the account before that.",
            blocks=False,
            about=About.ACCOUNT,
        )
    ]


def _daily_cap(publication: Publication) -> list[Finding]:
    """TikTok's own count decides: other apps' posts are in it, and it differs by creator."""
    due_at = publication.due_at or timezone.now()
    count = direct_posts_before(publication, max(due_at, timezone.now()))
    if count < CREATOR_POSTS_PER_DAY:
        return []
    return [
        Finding(
            "daily_cap_near",
            f"{count} direct posts of {publication.channel} go out in the 24 hours before this "
            f"one; TikTok takes about {CREATOR_POSTS_PER_DAY}.",
            "Choose another day, or be ready to post it in the TikTok app.",
            blocks=False,
        )
    ]


def _too_many_accounts(publication: Publication) -> list[Finding]:
    others = accounts_posting(before=max(publication.due_at or timezone.now(), timezone.now()))
    others.discard(publication.channel_id)
    if len(others) < UNAUDITED_CREATORS_PER_DAY:
        return []
    return [
        Finding(
            "app_cap_near",
            f"{len(others)} other accounts post directly in the 24 hours before this post; until "
            f"TikTok has audited this app it takes {UNAUDITED_CREATORS_PER_DAY} a day.",
            "Choose another day, or send it to your TikTok inbox instead.",
            blocks=False,
        )
    ]


def _upload_takes_too_long(media: list[Media]) -> list[Finding]:
    """The whole upload must end within the hour for which TikTok's address lives."""
    size = sum(medium.size for medium in media)
    if size <= WHOLE_MAX_BYTES:
        return []
    seconds = _seconds_to_send(size)
    if seconds is None or seconds < UPLOAD_URL_SECONDS:
        return []
    return [
        Finding(
            "upload_too_slow",
            f"At the speed of our latest uploads this file takes about {seconds / 60:.0f} minutes; "
            "TikTok gives an hour.",
            "Export it with a lower bit rate.",
            blocks=False,
            about=About.MEDIA,
        )
    ]


def _seconds_to_send(size: int) -> float | None:
    """By the latest large uploads; None while there were none."""
    latest = Attempt.objects.filter(size__gt=WHOLE_MAX_BYTES, sent_at__gt=F("answered_at"))
    speeds = [
        attempt.size / (attempt.sent_at - attempt.answered_at).total_seconds()
        for attempt in latest.order_by("-pk")[:UPLOADS_LOOKED_AT]
        if attempt.sent_at and attempt.answered_at
    ]
    return size / max(speeds) if speeds else None
