"""Asking about an attempt that no step of its publication asks about any more.

A publication's own steps ask about its newest attempt. TikTok may say of an older one, or of one
that it had called failed, that it is out after all: then that counts, whatever the state.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from posts.models import Attempt, NotificationKind, Publication, Source, Verdict
from posts.notifications import tell
from posts.states import State, Who
from tiktok.answers import PostStatus
from tiktok.calls import as_creator
from tiktok.publishing.linking import Link, link_to, public_ids


def ask_about(attempt: Attempt) -> str:
    """Ask TikTok, and let what is out count. Returns what it led to, in words.

    Raises TikTokError. Never call it in a transaction.
    """
    publish_id = attempt.publish_id or ""
    channel = attempt.publication.channel
    status = as_creator(channel, lambda client: client.post_status(publish_id))
    if status.status == "PUBLISH_COMPLETE":
        return _out(attempt, status, State.PUBLISHED)
    if status.status == "SEND_TO_USER_INBOX":
        return _out(attempt, status, State.DELIVERED)
    return f"nothing: its status is {status.status[:60]}"


def is_dropped_draft(attempt: Attempt, status: PostStatus) -> bool:
    """A draft of which its person knew when they wrote it off."""
    was_known = attempt.last_status == status.status == "SEND_TO_USER_INBOX"
    return was_known and attempt.verdict == Verdict.WRITTEN_OFF


def _out(attempt: Attempt, status: PostStatus, to: State) -> str:
    with transaction.atomic():
        row = Publication.locked(attempt.publication_id)
        attempt = row.attempts.get(pk=attempt.pk)
        verdict = Verdict.PUBLISHED if to == State.PUBLISHED else Verdict.DELIVERED
        if attempt.verdict == verdict or is_dropped_draft(attempt, status):
            return "nothing: we knew it"
        attempt.last_status = status.status
        attempt.save(update_fields=["last_status"])
        attempt.settle(verdict)
        if to == State.DELIVERED and row.state in {State.DELIVERED, State.PUBLISHED}:
            row.note("TikTok says that a draft of it waits from an earlier attempt too")
            return "noted: a second draft waits"
        if row.state == State.PUBLISHED and row.by_word_of_id is None:
            tell_of_second_copy(row, attempt, status)
            return "noted: it is out a second time"
        if row.state == State.PUBLISHED:
            _confirm_word(row, link_to(row, attempt, public_ids(attempt, status)))
            return "a person had said so: it is confirmed"
        changes: dict[str, Any] = {"delivered_at": timezone.now()}
        if to == State.PUBLISHED:
            found = link_to(row, attempt, public_ids(attempt, status))
            changes = {"published_at": timezone.now(), "by_word_of": None} | found
        row._move(
            to,
            who=Who.WORKER,
            because="TikTok says that an earlier attempt is out after all",
            details={"attempt": attempt.number, "log_id": status.log_id},
            next_step_at=timezone.now(),
            **changes,
        )
        stop_the_others(row, status)
    return "it is out after all"


def _confirm_word(row: Publication, link: Link) -> None:
    """TikTok says what a person had said. Call it with the row locked."""
    found = link | {"by_word_of": None}
    for name, value in found.items():
        setattr(row, name, value)
    row.save(update_fields=list(found))
    row.note("TikTok confirms that it is live")


def stop_the_others(row: Publication, status: PostStatus) -> None:
    """It is out by an earlier attempt: what has not let its last block go never will, since this
    fences whoever holds it, and what nobody has begun to fetch is closed; of the rest people are
    told. Call it with the row locked."""
    for other in row.attempts.filter(verdict=Verdict.OPEN):
        if other.source == Source.PULL:
            other.close_addresses_if_unseen()
        if other.is_safe:
            other.settle(Verdict.INCOMPLETE)
        else:
            tell_of_second_copy(row, other, status)


def tell_of_second_copy(row: Publication, attempt: Attempt, status: PostStatus) -> None:
    """What had been given up has come up after all: nothing can be taken back, but it is said."""
    row.note(
        f"{attempt} is live as well, or will be: there are two copies now",
        details={"public_ids": list(status.public_ids), "log_id": status.log_id},
    )
    tell(
        row.post.workspace,
        NotificationKind.ATTENTION,
        key=f"second-copy-{attempt.pk}",
        subject=f"“{row.post}” is live twice",
        text="Another sending of this post is live as well, or will be within minutes. "
        "Delete one of the two in TikTok.",
        publication=row,
    )
