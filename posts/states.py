"""The life of a publication, as data. This file imports nothing of ours.

    draft ◄──► awaiting approval
      │ ▲          │
      ▼ │          ▼
    scheduled ──► sending ──► processing ──► published
      │  ▲  ▲ ◄──────┤             ├───────► delivered (a draft in the creator's inbox)
      ▼  │  │        ▼             ▼
    held ┘  └───── failed     unconfirmed (nobody can know whether it is live)

Two words of the table. SAFE: nothing of this publication can still appear by itself, since every
attempt ended in a refusal or provably lacks bytes. OK: the content is the approved one, byte for
byte, and no check blocks it.
"""

from dataclasses import dataclass
from enum import Enum

from django.db import models


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    AWAITING_APPROVAL = "awaiting_approval", "Awaiting approval"
    SCHEDULED = "scheduled", "Scheduled"
    SENDING = "sending", "Sending"
    PROCESSING = "processing", "Processing"
    DELIVERED = "delivered", "Delivered"
    PUBLISHED = "published", "Published"
    HELD = "held", "Held"
    FAILED = "failed", "Failed"
    UNCONFIRMED = "unconfirmed", "Unconfirmed"
    CANCELED = "canceled", "Canceled"


class HeldReason(models.TextChoices):
    PERSON = "person", "Paused by a person"
    CHOICE = "choice", "Needs a new choice"
    RECONNECT = "reconnect", "The account must be reconnected"
    CHANNEL_PAUSED = "channel_paused", "The account is paused"
    CAP = "cap", "The platform's limit is reached"
    LATE = "late", "Its time has passed"
    MEDIA = "media", "The file is missing or not accepted"
    CONFIGURATION = "configuration", "Something must be set up first"
    RESTORED = "restored", "The database was restored"


class Who(Enum):
    PERSON = "a person with the right"
    DISPATCHER = "the clock"
    WORKER = "the worker that holds the lease"
    OPERATOR = "the operator who put a backup back"


@dataclass(frozen=True)
class Move:
    """One allowed move: who may make it, why, and what must hold."""

    who: frozenset[Who]
    why: str
    safe: bool = False  # SAFE must hold
    safe_or_open: bool = False  # SAFE, or an attempt that can be resumed
    ok: bool = False  # OK must hold


def _move(*who: Who, why: str, **needs: bool) -> Move:
    return Move(frozenset(who), why, **needs)


_P, _D, _W, _O = Who.PERSON, Who.DISPATCHER, Who.WORKER, Who.OPERATOR
_S = State

MOVES: dict[tuple[State, State], Move] = {
    (_S.DRAFT, _S.AWAITING_APPROVAL): _move(_P, why="asks for approval"),
    (_S.DRAFT, _S.SCHEDULED): _move(_P, why="schedules or publishes now", safe=True, ok=True),
    (_S.AWAITING_APPROVAL, _S.DRAFT): _move(_P, why="withdraws, edits or sends back"),
    (_S.AWAITING_APPROVAL, _S.SCHEDULED): _move(_P, why="approves", safe=True, ok=True),
    (_S.AWAITING_APPROVAL, _S.CANCELED): _move(_P, why="cancels"),
    (_S.SCHEDULED, _S.SCHEDULED): _move(_P, why="reschedules or edits", safe=True, ok=True),
    (_S.SCHEDULED, _S.DRAFT): _move(_P, why="unschedules or edits", safe=True),
    (_S.SCHEDULED, _S.AWAITING_APPROVAL): _move(_P, why="edits without the right", safe=True),
    (_S.SCHEDULED, _S.CANCELED): _move(_P, why="cancels", safe=True),
    (_S.SCHEDULED, _S.HELD): _move(_P, _D, _W, _O, why="paused, or can not go", safe=True),
    (_S.SCHEDULED, _S.UNCONFIRMED): _move(_O, why="it may have gone out since the backup"),
    (_S.SCHEDULED, _S.SENDING): _move(_W, why="it is time", safe_or_open=True, ok=True),
    (_S.SENDING, _S.SENDING): _move(_W, why="takes over a dead lease"),
    (_S.SENDING, _S.SCHEDULED): _move(_W, why="a repeat can help", safe_or_open=True),
    (_S.SENDING, _S.HELD): _move(_W, _O, why="somebody must decide or mend", safe=True),
    (_S.SENDING, _S.FAILED): _move(_W, why="refused, or tries used up", safe=True),
    (_S.SENDING, _S.CANCELED): _move(_P, _W, why="stopped before the last block", safe=True),
    (_S.SENDING, _S.PROCESSING): _move(_W, why="all bytes are there"),
    (_S.SENDING, _S.UNCONFIRMED): _move(_W, _O, why="nobody can know what arrived"),
    (_S.PROCESSING, _S.PUBLISHED): _move(_W, why="the platform says so"),
    (_S.PROCESSING, _S.DELIVERED): _move(_W, why="the draft is in the inbox"),
    (_S.PROCESSING, _S.SCHEDULED): _move(_W, why="the platform's own fault", safe=True),
    (_S.PROCESSING, _S.HELD): _move(_D, _W, why="limit, access, or late", safe=True),
    (_S.PROCESSING, _S.FAILED): _move(_W, why="the platform refused it", safe=True),
    (_S.PROCESSING, _S.CANCELED): _move(_P, _W, why="stopped while it was fetched", safe=True),
    (_S.PROCESSING, _S.UNCONFIRMED): _move(_W, _O, why="the platform is silent"),
    (_S.DELIVERED, _S.PUBLISHED): _move(_P, _W, why="posted from the draft"),
    (_S.DELIVERED, _S.FAILED): _move(_W, why="the platform dropped the draft"),
    (_S.DELIVERED, _S.CANCELED): _move(_P, why="dropped the draft"),
    (_S.DELIVERED, _S.SCHEDULED): _move(_P, why="sends the draft again", safe=True, ok=True),
    (_S.HELD, _S.SCHEDULED): _move(_P, _D, why="resumed", ok=True),
    (_S.HELD, _S.HELD): _move(_P, _D, _O, why="the reason changes"),
    (_S.HELD, _S.UNCONFIRMED): _move(_O, why="it may have gone on since the backup"),
    (_S.HELD, _S.DRAFT): _move(_P, why="edits", safe=True),
    (_S.HELD, _S.AWAITING_APPROVAL): _move(_P, why="asks for approval", safe=True),
    (_S.HELD, _S.CANCELED): _move(_P, why="cancels", safe=True),
    (_S.FAILED, _S.SCHEDULED): _move(_P, why="tries again", safe=True, ok=True),
    (_S.FAILED, _S.DRAFT): _move(_P, why="edits", safe=True),
    (_S.FAILED, _S.CANCELED): _move(_P, why="gives up", safe=True),
    (_S.UNCONFIRMED, _S.PROCESSING): _move(_P, _D, why="check again"),
    (_S.UNCONFIRMED, _S.PUBLISHED): _move(_P, _W, why="it is live"),
    (_S.UNCONFIRMED, _S.DELIVERED): _move(_W, why="the draft is in the inbox"),
    (_S.UNCONFIRMED, _S.FAILED): _move(_W, why="the platform says that it failed", safe=True),
    (_S.UNCONFIRMED, _S.SCHEDULED): _move(_P, why="it is not live, send again", safe=True, ok=True),
    (_S.UNCONFIRMED, _S.CANCELED): _move(_P, why="leaves it"),
    (_S.CANCELED, _S.DRAFT): _move(_P, why="undoes the cancel"),
    # Only while `published` is a person's word; on the platform's word it is final.
    (_S.PUBLISHED, _S.UNCONFIRMED): _move(_P, why="takes back their word"),
}

# The status of any attempt may say so at any time: a late webhook, or a reconciliation.
MOVES |= {
    (before, after): _move(_W, why="the status of an attempt says so")
    for before in State
    for after in (_S.PUBLISHED, _S.DELIVERED)
    if before is not after and (before, after) not in MOVES and before is not _S.PUBLISHED
}

# `next_step_at` is set exactly while a machine can move the publication on.
MACHINE_STATES = (State.SCHEDULED, State.SENDING, State.PROCESSING)
MACHINE_MAY_STATES = (State.PUBLISHED, State.DELIVERED)  # while something is still asked for
PERSON_STATES = tuple(s for s in State if s not in MACHINE_STATES + MACHINE_MAY_STATES)

EDITABLE_STATES = (
    State.DRAFT,
    State.AWAITING_APPROVAL,
    State.SCHEDULED,
    State.HELD,
    State.FAILED,
)
