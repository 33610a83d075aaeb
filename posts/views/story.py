"""One publication as its page tells it."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.utils import timezone

from accounts.models import User
from posts.models import ApprovalRequest, Attempt, Publication, PublicationEvent
from posts.offers import Offer, foremost, offers
from posts.parking import FOR_THE_ACCOUNT
from posts.platforms import About, Consent, Finding, Platform, platform_of
from posts.preflight import preflight
from posts.report import report_of
from posts.states import State
from posts.views.access import Rights, name_of
from posts.views.moments import Moment, moments_of
from posts.views.reviewing import Review, sent_back
from posts.views.timeline import Line, Remark, latest_first, remarks_on
from posts.waiting import Wait, is_due, wait_of

SOON = timedelta(minutes=2)
FRESH = timedelta(minutes=30)  # so long after publishing the platform may still hide it


WATCHED = 2  # seconds between two looks while something moves


@dataclass(frozen=True)
class Story:
    """Read once, so that all parts of the page agree."""

    publication: Publication
    by: User
    rights: Rights

    @property
    def account_name(self) -> str:
        return name_of(self.publication.channel)

    @cached_property
    def platform(self) -> Platform:
        return platform_of(self.publication.channel)

    @cached_property
    def events(self) -> list[PublicationEvent]:
        return list(self.publication.events.select_related("by").order_by("at", "pk"))

    @cached_property
    def remarks(self) -> list[Remark]:
        return remarks_on(self.publication.post, by=self.by, rights=self.rights)

    @cached_property
    def lines(self) -> list[Line | Remark]:
        """The latest first."""
        return latest_first(self.events, self.remarks)

    @cached_property
    def attempts(self) -> list[Attempt]:
        return list(self.publication.attempts.order_by("-number"))

    @cached_property
    def attempt(self) -> Attempt | None:
        """What is being sent now."""
        return self.publication.open_attempt

    @property
    def progress(self) -> tuple[object, ...]:
        """What a person sees of it on its way."""
        sent = self.attempt.confirmed_bytes if self.attempt else 0
        return (self.publication.pk, self.publication.state, sent, self.wait)

    @cached_property
    def moments(self) -> list[Moment]:
        attempt = self.attempts[0] if self.attempts else None
        return moments_of(self.publication, attempt, label=self.platform.label)

    @cached_property
    def offers(self) -> frozenset[Offer]:
        rights = self.rights
        return offers(
            self.publication, self.by, may_write=rights.may_write, may_publish=rights.may_publish
        )

    @cached_property
    def foremost(self) -> Offer | None:
        """The one button that is highlighted."""
        return foremost(self.publication, self.offers)

    @cached_property
    def is_due(self) -> bool:
        return is_due(self.publication)

    @cached_property
    def wait(self) -> Wait | None:
        return wait_of(self.publication)

    @cached_property
    def ends_as_draft(self) -> bool:
        return self.publication.ends_as_draft

    @cached_property
    def nobody_came(self) -> bool:
        return self.publication.state == State.PROCESSING and self.publication.nobody_came

    @property
    def now_label(self) -> str:
        """What the button does that does not wait for the planned time."""
        inbox = f"Send to the {self.platform.label} inbox now"
        return inbox if self.ends_as_draft else "Publish now"

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        return self.platform.describe(self.publication)

    @cached_property
    def findings(self) -> list[Finding]:
        """What would stop a planned post, or spoil it, found while there is still time.

        What had to be asked for is as it was at the last look; a page asks nobody.
        """
        publication = self.publication
        if publication.state not in {State.SCHEDULED, State.HELD, State.AWAITING_APPROVAL}:
            return []
        found = preflight(publication, media=publication.shown_media)
        known = {finding.code for finding in found}
        found += [
            finding
            for finding in publication.kept_findings
            if finding.asked and finding.code not in known
        ]
        if publication.held_reason in FOR_THE_ACCOUNT:  # which its notice says already
            found = [finding for finding in found if finding.about != About.ACCOUNT]
        return found

    @cached_property
    def review(self) -> Review | None:
        return Review.of(self.publication)

    @cached_property
    def sent_back(self) -> ApprovalRequest | None:
        return sent_back(self.publication)

    @cached_property
    def consent(self) -> Consent:
        return self.platform.consent(self.platform.options(self.publication))

    @cached_property
    def digest(self) -> str:
        """Of what would be approved now: a press of a button approves nothing else."""
        return self.publication.content_digest()

    @cached_property
    def report(self) -> str:
        return report_of(self.publication)

    @property
    def is_fresh(self) -> bool:
        out_at = self.publication.published_at
        return out_at is not None and timezone.now() - out_at < FRESH

    @property
    def fingerprint(self) -> str:
        """Differs when what is told would; the bytes of an upload do not count."""
        publication = self.publication
        latest = self.events[-1].pk if self.events else 0
        parts = (
            publication.state,
            latest,
            [(remark.comment.pk, remark.comment.edited_at) for remark in self.remarks],
            publication.permalink,
            publication.due_at,
            self.is_due,
            self.wait,
            self.nobody_came,
            publication.cancel_asked_at,
            [finding.code for finding in publication.kept_findings],
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    @property
    def refresh_seconds(self) -> int | None:
        """How soon the page looks again; None when nothing moves by itself."""
        publication = self.publication
        state = publication.state
        if state in {State.SENDING, State.PROCESSING}:
            return WATCHED
        if state == State.SCHEDULED and publication.due_at:
            is_soon = publication.due_at - timezone.now() < SOON
            return WATCHED if is_soon else 15
        if publication.next_step_at is not None:
            return 10 if self.is_fresh else 60
        return None
