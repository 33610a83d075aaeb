"""Addresses from which a platform fetches media, and whether they can be reached from outside."""

import mimetypes
from collections.abc import Sequence

import requests
from django.conf import settings

from posts.models import Attempt, Media, PulledMedia

PATIENCE = (3.05, 10.0)  # seconds to connect, and for the answer


def open_addresses(attempt: Attempt, media: Sequence[Media]) -> list[str]:
    """One secret address for each of `media`, in this order, until the attempt closes them.

    Call it in the transaction that makes the attempt.
    """
    keys = PulledMedia.open_for(attempt, media)
    return [
        f"{settings.MEDIA_PUBLIC_URL}/pulled/{key}/{number}{_suffix(medium)}"
        for number, (medium, key) in enumerate(zip(media, keys, strict=True), start=1)
    ]


def is_reachable(address: str, medium: Media) -> bool:
    """Whether `address` answers as a platform wants it, asked through the open door.

    A HEAD, which is no fetch. Follows no redirect, as a platform follows none.
    """
    try:
        answer = requests.head(address, timeout=PATIENCE, allow_redirects=False)
    except requests.RequestException:
        return False
    return (
        answer.status_code == requests.codes.ok
        and answer.headers.get("Content-Length") == str(medium.size)
        and answer.headers.get("Content-Type") == medium.content_type
    )


def _suffix(medium: Media) -> str:
    return mimetypes.guess_extension(medium.content_type) or ""
