"""The preflight by the clock: when a post is planned, a day, an hour and minutes before its time.

What it finds is shown and told while there is time to mend it. It moves no state: that is for the
due time alone. A finding that is gone at the next look is forgotten.
"""

import logging
import random
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Channel, Health
from posts.errors import PlatformAway
from posts.looks import next_look
from posts.models import NotificationKind, Publication
from posts.models.notification import UNTIL_IT_MOVES
from posts.notifications import named, tell, tell_disconnected
from posts.platforms import About, Finding
from posts.preflight import preflight
from posts.states import State

log = logging.getLogger(__name__)

LOOK_SECONDS = 120  # after which a look counts as dead, and another may try
AWAY_PAUSE = timedelta(minutes=1)  # before a platform that did not answer is asked again
AT_A_TIME = 20  # candidates of which one is picked, so that many lookers seldom meet


def next_due() -> datetime | None:
    """When the next planned post is to be looked at."""
    waiting = Publication.objects.filter(next_check_at__isnull=False)
    moment: datetime | None = waiting.aggregate(at=models.Min("next_check_at"))["at"]
    return moment


def are_due() -> bool:
    """Whether there is something to look at, and nothing to send: that comes first."""
    moment = next_due()
    if moment is None or moment > timezone.now():
        return False
    return not Publication.objects.to_send().due().exists()


def look_at_due(*, most: int) -> int:
    """Look at up to `most` posts, until one is to be sent; returns at how many."""
    for done in range(most):
        publication = _claim() if are_due() else None
        if publication is None:
            return done
        look_at(publication)
    return most


def look_soon(channel: Channel) -> None:
    """Something about the account has changed: what was found about it may be gone."""
    Publication.objects.filter(
        channel=channel, state=State.SCHEDULED, due_at__gt=timezone.now()
    ).update(next_check_at=timezone.now())


def look_at(publication: Publication) -> list[Finding] | None:
    """Check it, and keep what was found; None when the platform did not answer, or it moved."""
    try:
        found = preflight(publication, media=publication.shown_media, ask=True)
    except PlatformAway as error:
        log.warning("publication %s could not be checked ahead: %s", publication.pk, error)
        _as_it_was(publication).update(next_check_at=_again_at(publication))
        return None
    with transaction.atomic():
        kept = _as_it_was(publication).update(
            findings=[asdict(finding) for finding in found],
            checked_at=timezone.now(),
            next_check_at=publication.due_at and next_look(publication.due_at),
        )
        if not kept:
            return None  # a person or a worker has moved it meanwhile
        for finding in found:
            if finding.blocks:
                _tell(publication, finding)
    return found


def _claim() -> Publication | None:
    """One that is due for a look. The claim is the moment itself, put off until after it."""
    now = timezone.now()
    waiting = Publication.objects.filter(next_check_at__lte=now)
    rows = list(
        waiting.order_by("next_check_at").select_related(
            "post__workspace", "post__author", "channel"
        )[:AT_A_TIME]
    )
    random.shuffle(rows)
    for row in rows:
        again_at = now + timedelta(seconds=LOOK_SECONDS)
        if waiting.filter(pk=row.pk, next_check_at=row.next_check_at).update(
            next_check_at=again_at
        ):
            return row
    return None


def _as_it_was(publication: Publication) -> models.QuerySet[Publication]:
    return Publication.objects.filter(
        pk=publication.pk, version=publication.version, state=State.SCHEDULED
    )


def _again_at(publication: Publication) -> datetime | None:
    again_at = timezone.now() + AWAY_PAUSE * random.uniform(0.5, 1)  # noqa: S311 (no secret)
    return again_at if publication.due_at and again_at < publication.due_at else None


def _tell(publication: Publication, finding: Finding) -> None:
    """Once for each time that a post is planned for; what is the account's, once for all of its."""
    if finding.about is About.ACCOUNT:
        _tell_of_account(publication.channel, finding)
        return
    tell(
        publication.post.workspace,
        NotificationKind.ATTENTION,
        key=f"{UNTIL_IT_MOVES}ahead-{publication.pk}-{finding.code}-{publication.due_at:%y%m%d%H%M}",
        subject=f"{named(publication)} can not go out as it is",
        text=_in_words(finding),
        publication=publication,
    )


def _tell_of_account(channel: Channel, finding: Finding) -> None:
    """Once a day; but that it is disconnected once and for all, and that it is paused not again."""
    if channel.health == Health.NEEDS_RECONNECT:
        tell_disconnected(channel, because=finding.message)
    elif channel.is_usable:
        tell(
            channel.workspace,
            NotificationKind.ATTENTION,
            key=f"ahead-account-{channel.pk}-{finding.code}-{timezone.now():%y%m%d}",
            subject=f"{channel} needs you before its posts can go out",
            text=_in_words(finding),
            channel=channel,
        )


def _in_words(finding: Finding) -> str:
    return f"{finding.message} {finding.what_to_do}".strip()
