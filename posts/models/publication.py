"""A publication: one post to one channel at one time. Everything that can fail lives here."""

from copy import copy
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Channel, User
from posts.errors import ChannelBusy, IllegalMove, LeaseLost, MayBeOut, NotApproved, TooLate
from posts.looks import first_look
from posts.models.approval import Approval, digest_of
from posts.models.attempt import Attempt, Verdict
from posts.models.being_fetched import BeingFetched
from posts.models.claims import Claims
from posts.models.event import PublicationEvent
from posts.models.frozen_content import FrozenContent
from posts.models.ledger import Ledger
from posts.models.media import Media
from posts.models.people_verbs import PeopleVerbs
from posts.models.post import Post
from posts.models.publication_query import PublicationQuerySet
from posts.models.telling import tell_of_move
from posts.models.timing import Timing
from posts.models.waiting_draft import WaitingDraft
from posts.models.worker_verbs import WorkerVerbs
from posts.states import MACHINE_MAY_STATES, MACHINE_STATES, MOVES, HeldReason, State, Who

if TYPE_CHECKING:
    from posts.leases import Lease


class Publication(
    BeingFetched,
    Claims,
    FrozenContent,
    Ledger,
    PeopleVerbs,
    Timing,
    WaitingDraft,
    WorkerVerbs,
    models.Model,
):
    post = models.ForeignKey(Post, models.CASCADE, related_name="publications")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="publications")
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    held_reason = models.CharField(max_length=20, choices=HeldReason, blank=True)
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="The author's; no machine ever moves it."
    )

    # Frozen when approved, so that a later edit of the post changes nothing here.
    caption = models.TextField(blank=True)
    title = models.CharField(max_length=300, blank=True)
    media = models.ManyToManyField(Media, through="PublicationMedia", related_name="+")
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, blank=True, related_name="+")

    version = models.PositiveIntegerField(
        default=0, help_text="Goes up with each claim and each act of a person: fences workers."
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=200, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    next_step_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty exactly when only a person can move it on."
    )
    tries = models.PositiveIntegerField(
        default=0, help_text="Sendings begun since a person last scheduled it."
    )
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    failure = models.JSONField(
        null=True, blank=True, help_text="code, message, what_to_do, retryable; or nothing."
    )

    findings = models.JSONField(
        default=list, blank=True, help_text="What the last check before its time found."
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    next_check_at = models.DateTimeField(
        null=True, blank=True, help_text="When it is checked again before its time."
    )
    proposed_at = models.DateTimeField(
        null=True, blank=True, help_text="While held: the next time at which it could go."
    )
    remind_at = models.DateTimeField(
        null=True, blank=True, help_text="While delivered: when to remind of the waiting draft."
    )

    platform_post_id = models.CharField(max_length=64, blank=True, help_text="An opaque text.")
    permalink = models.URLField(max_length=500, blank=True)
    hidden_since = models.DateTimeField(
        null=True, blank=True, help_text="The platform says that others can not see it any more."
    )
    published_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    by_word_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose word it is that this is live, while the platform has not said so.",
    )
    moved_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "channel"],
                name="a_post_goes_to_a_channel_once",
                violation_error_message="This post is already planned for that account.",
            ),
            models.UniqueConstraint(
                fields=["channel"],
                condition=Q(state=State.SENDING),
                name="a_channel_sends_one_publication_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=MACHINE_STATES)
                | Q(approval__isnull=False, due_at__isnull=False),
                name="nothing_goes_out_without_approval_and_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=MACHINE_STATES, next_step_at__isnull=False)
                | Q(state__in=MACHINE_MAY_STATES)
                | (~Q(state__in=[*MACHINE_STATES, *MACHINE_MAY_STATES]) & Q(next_step_at=None)),
                name="a_next_step_exactly_while_a_machine_can_take_it",
            ),
            models.CheckConstraint(
                condition=(Q(state=State.PUBLISHED) & Q(published_at__isnull=False))
                | (~Q(state=State.PUBLISHED) & Q(published_at=None)),
                name="published_exactly_when_published_at",
            ),
            models.CheckConstraint(
                condition=(Q(state=State.HELD) & ~Q(held_reason=""))
                | (~Q(state=State.HELD) & Q(held_reason="")),
                name="held_exactly_when_there_is_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.FAILED) | Q(failure__isnull=False),
                name="what_failed_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_step_at"],
                condition=Q(state__in=[State.SCHEDULED, State.SENDING]),
                name="publication_to_send",
            ),
            models.Index(
                fields=["next_step_at"],
                condition=Q(state__in=[State.PROCESSING, State.PUBLISHED, State.DELIVERED])
                & Q(next_step_at__isnull=False),
                name="publication_to_poll",
            ),
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="publication_to_check",
            ),
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False),
                name="publication_to_remind_of",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} to {self.channel}"

    # How it changes

    def _move(
        self,
        to: State,
        *,
        who: Who,
        because: str,
        by: User | None = None,
        lease: "Lease | None" = None,
        settle: tuple[Attempt, Verdict] | None = None,
        details: dict[str, Any] | None = None,
        **changes: Any,
    ) -> None:
        """Change state, or raise an IllegalMove. The only code that writes `state`.

        The row is locked, so of two callers exactly one makes the move. A worker whose lease was
        overtaken raises LeaseLost. A person's move raises the version, which fences every worker.
        The event is written in the same transaction, so the history has no gaps. Never call a
        platform in here.
        """
        try:
            with transaction.atomic():
                row = self._to_move_by(lease) if lease else Publication.locked(self.pk)
                before = State(row.state)
                if settle:
                    settle[0].settle(settle[1])
                row._check_move(before, to, who, approval=changes.get("approval", row.approval))
                if lease is None:
                    changes |= {"version": row.version + 1, "lease_until": None}
                changes = _cleared_for(to) | changes | {"state": to, "moved_at": timezone.now()}
                for name, value in changes.items():
                    setattr(row, name, value)
                if to is State.SCHEDULED and lease is None and row.due_at:
                    row.next_check_at = first_look(row.due_at)
                row.save(update_fields=[*changes, "next_check_at"])
                event = PublicationEvent.objects.create(
                    publication=row,
                    before=before,
                    after=to,
                    because=because,
                    by=by,
                    details=details or {},
                )
                tell_of_move(row, event)
                if before is State.DELIVERED:
                    row.free_its_place()
        except IntegrityError as error:
            if "a_channel_sends_one" in str(error) or "publication.channel_id" in str(error):
                raise ChannelBusy from error
            raise
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(row, field.attname))

    def _to_move_by(self, lease: "Lease") -> "Publication":
        """A copy of what the lease's holder has in hand, locked; LeaseLost if it is not theirs."""
        row = copy(self)
        if not row.lock_if_ours(lease.version):
            raise LeaseLost
        return row

    def _check_move(self, before: State, to: State, who: Who, *, approval: Approval | None) -> None:
        move = MOVES.get((before, to))
        if move is None or who not in move.who:
            on_its_way = who is Who.PERSON and before in {State.SENDING, State.PROCESSING}
            raise (TooLate if on_its_way else IllegalMove)(state=before)
        if before is State.PUBLISHED and self.by_word_of is None:
            raise IllegalMove("TikTok has confirmed this post; it stays published.", state=before)
        if move.safe and not self.is_safe:
            raise (TooLate if before in MACHINE_STATES else MayBeOut)(state=before)
        if move.safe_or_open and not self.is_safe:
            if any(attempt.is_resumable for attempt in self.attempts.all()):
                return  # it may be out: to be asked about, whatever has become of its content
            raise TooLate(state=before)
        if move.ok and (approval is None or approval.digest != digest_of(self.content())):
            raise NotApproved(state=before)

    def note_once(self, because: str) -> None:
        """The same, unless it is the latest line already."""
        latest = self.events.order_by("-at", "-pk").values_list("because", flat=True).first()
        if latest != because:
            self.note(because)

    def note(
        self, because: str, *, by: User | None = None, details: dict[str, Any] | None = None
    ) -> None:
        """Add a line to the history that moves nothing."""
        PublicationEvent.objects.create(
            publication=self,
            before=self.state,
            after=self.state,
            because=because,
            by=by,
            details=details or {},
        )


def _cleared_for(to: State) -> dict[str, Any]:
    """What a move to `to` resets, unless the move itself says otherwise."""
    cleared: dict[str, Any] = {"failure": None, "held_reason": "", "published_at": None}
    cleared |= {"findings": [], "checked_at": None, "next_check_at": None, "proposed_at": None}
    if to not in MACHINE_STATES:
        cleared |= {"next_step_at": None, "lease_until": None}
    if to is not State.DELIVERED:
        cleared |= {"remind_at": None}
    if to is not State.SENDING:
        cleared |= {"cancel_asked_at": None, "cancel_asked_by": None}
    if to in {State.DRAFT, State.AWAITING_APPROVAL}:
        cleared |= {"approval": None, "tries": 0}
    return cleared
