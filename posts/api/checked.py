"""Waiting for the check of a file, by few at a time: each holds a thread that pages need, too."""

from collections.abc import Collection
from threading import BoundedSemaphore
from uuid import UUID

from django.conf import settings

from accounts.api.refusals import Away, Invalid
from accounts.models import Workspace
from posts.media.checking import wait_for_checks
from posts.models import MediaState

LONGEST = 30.0  # seconds
SEATS = BoundedSemaphore(max(1, settings.WEB_THREADS // 4))  # of this process


def wait_until_checked(workspace: Workspace, media: Collection[UUID]) -> None:
    """Raises Invalid with what is wrong with one of them, and Away while nobody knows."""
    rows = workspace.media.filter(pk__in=media)
    unknown = rows.filter(state=MediaState.CHECKING)
    if unknown.exists():
        if not SEATS.acquire(blocking=False):
            raise _still_checking()
        try:
            wait_for_checks(unknown.all(), seconds=LONGEST)
        finally:
            SEATS.release()
    if unknown.exists():
        raise _still_checking()
    if wrong := [problem["message"] for medium in rows.all() for problem in medium.problems]:
        raise Invalid(fields={"media": wrong})


def _still_checking() -> Away:
    return Away(
        "The check of this file takes longer than a call can wait. Send the file to /media/ or "
        "/uploads/ first, and its id once it is ready.",
        code="still_checking",
        seconds=10,
    )
