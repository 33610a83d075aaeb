"""Asking TikTok about every attempt that has no final word, whatever state the post is in.

The engine asks about the attempt that it works on. This walks all of them, also those that a
person has written off and those that a backup brought back, and believes TikTok (Protocol 10).
"""

from django.db import transaction
from django.utils import timezone

from posts.leases import Lease
from posts.models import Attempt, Publication, Source, Verdict
from posts.reconciling import UNDECIDED
from posts.restoring import HELD_FAILURE
from posts.states import HeldReason, State, Who
from tiktok import errors
from tiktok.answers import PostStatus
from tiktok.calls import as_creator
from tiktok.fail_reasons import failure_from_reason
from tiktok.publishing.asking import (
    ask_about,
    is_dropped_draft,
    stop_the_others,
    tell_of_second_copy,
)
from tiktok.publishing.linking import videos_like, without_tracking
from tiktok.publishing.outcomes import trouble
from tiktok.publishing.polling import act_on_status
from tiktok.publishing.resuming import status_proves_a_lack

RESTORED = HELD_FAILURE["code"]
WATCHED = {State.PROCESSING, State.DELIVERED, State.PUBLISHED}
NEVER_COMPLETE = "TikTok never got all of it, and never will"


def reconcile(publication: Publication, lease: Lease | None) -> list[str]:
    """Sentences on what TikTok said, and on what was done with it. Without a lease: nothing."""
    undecided = publication.attempts.filter(verdict__in=UNDECIDED).order_by("number")
    said = [f"{attempt}: {_ask(publication, lease, attempt)}" for attempt in undecided]
    if (publication.failure or {}).get("code") == RESTORED:
        said.append(_look_around(publication, lease))
    return said


def reconcile_earlier(publication: Publication) -> list[str]:
    """Of what a worker has in hand: what it does not ask about by itself."""
    undecided = publication.attempts.filter(verdict__in=UNDECIDED).exclude(publish_id=None)
    earlier = [attempt for attempt in undecided if not _is_the_latest(attempt)]
    return [f"{attempt}: {_ask_whoever_holds_it(attempt)}" for attempt in earlier]


def _ask_whoever_holds_it(attempt: Attempt) -> str:
    try:
        return ask_about(attempt)
    except errors.TikTokError as error:
        return f"could not be asked about: {error.for_people}"


def _ask(publication: Publication, lease: Lease | None, attempt: Attempt) -> str:
    publish_id = attempt.publish_id
    if publish_id is None:
        return "TikTok's answer to its beginning is not known here, so it can not be asked about"
    try:
        status = as_creator(publication.channel, lambda client: client.post_status(publish_id))
    except errors.UnknownPublishId:
        return "TikTok does not know it, or does not any more"
    except errors.TikTokError as error:
        return f"could not be asked about: {error.for_people}"
    done = _act(publication, lease, attempt, status) if lease else "nothing was changed"
    return f"TikTok says {status.status} {status.fail_reason or ''}".rstrip() + f"; {done}"


def _act(publication: Publication, lease: Lease, attempt: Attempt, status: PostStatus) -> str:
    before = publication.state
    is_final = status.status in {"PUBLISH_COMPLETE", "SEND_TO_USER_INBOX", "FAILED"}
    if _is_out_already(publication, attempt) and status.status == "PUBLISH_COMPLETE":
        _second_copy(lease, attempt, status)
    elif status.status == "FAILED":
        _failed(publication, lease, attempt, status)
    elif is_dropped_draft(attempt, status):
        pass  # its person has dropped it, or sent it again, knowing of it
    elif is_final or (_is_the_latest(attempt) and publication.state in WATCHED):
        act_on_status(publication, lease, attempt, status)
        if is_final and not _is_the_latest(attempt):
            with transaction.atomic():  # whoever has claimed it since only asks about it
                stop_the_others(Publication.locked(publication.pk), status)
    elif _has_everything(attempt, status):
        if publication.state == State.UNCONFIRMED:
            _watch(publication, lease)
    elif attempt.address_has_expired and status_proves_a_lack(attempt):
        _never_complete(publication, lease, attempt)
    publication.refresh_from_db()
    moved = publication.state != before
    return f"it is {publication.get_state_display().lower()} now" if moved else "it stays as it is"


def _is_out_already(publication: Publication, attempt: Attempt) -> bool:
    """By another attempt than this, and by TikTok's word."""
    said = publication.state == State.PUBLISHED and publication.by_word_of_id is None
    return said and attempt.verdict != Verdict.PUBLISHED


def _is_the_latest(attempt: Attempt) -> bool:
    """What an earlier one came to says nothing about the publication: it has gone on since."""
    return attempt == attempt.publication.attempts.last()


def _second_copy(lease: Lease, attempt: Attempt, status: PostStatus) -> None:
    with lease.fenced() as row:
        attempt.settle(Verdict.PUBLISHED)
        tell_of_second_copy(row, attempt, status)


def _look_around(publication: Publication, lease: Lease | None) -> str:
    """A post that went out after the backup has no attempt here; but its words may be seen."""
    if not publication.caption.strip():
        return "without words it can not be looked for among the account's public videos"
    try:
        found = videos_like(publication, since=publication.created_at)
    except errors.TikTokError as error:
        return f"the account's public videos could not be looked through: {error.for_people}"
    if not found:
        return "no public video of the account says the same; what is private can not be seen"
    links = ", ".join(without_tracking(each.share_url) or each.id for each in found[:3])
    if lease and publication.state == State.HELD:
        failure = HELD_FAILURE | {
            "message": f"{HELD_FAILURE['message']} The account shows a video with the same words: "
            f"{links}",
            "what_to_do": "If that is this post, cancel it here. Only if it is not: resume it.",
        }
        publication._move(
            State.HELD,
            who=Who.DISPATCHER,
            lease=lease,
            because=f"the account shows a video with the same words: {links}",
            held_reason=HeldReason.RESTORED,
            failure=failure,
        )
    return f"it may be live already: {links}"


def _failed(publication: Publication, lease: Lease, attempt: Attempt, status: PostStatus) -> None:
    is_the_latest = _is_the_latest(attempt)
    if is_the_latest and publication.state in {State.PROCESSING, State.DELIVERED}:
        act_on_status(publication, lease, attempt, status)
        return
    reason = failure_from_reason(status.fail_reason)
    if is_the_latest and publication.state == State.UNCONFIRMED:
        # A person must have a look in any case: whatever was begun since has no trace here.
        failure = trouble(reason.reason or "failed", reason.for_people, reason.what_to_do)
        publication.fail(lease, failure=failure, settle=(attempt, Verdict.FAILED))
        return
    with lease.fenced() as row:
        attempt.settle(Verdict.FAILED)
        row.note(f"TikTok says that {attempt} failed: {reason.for_people}")


def _watch(publication: Publication, lease: Lease) -> None:
    publication._move(
        State.PROCESSING,
        who=Who.DISPATCHER,
        lease=lease,
        because="TikTok is still at it",
        next_step_at=timezone.now(),
    )


def _never_complete(publication: Publication, lease: Lease, attempt: Attempt) -> None:
    settle = (attempt, Verdict.INCOMPLETE)
    if _is_the_latest(attempt) and publication.state == State.UNCONFIRMED:
        failure = trouble("incomplete", f"{NEVER_COMPLETE}.", "Try again, or choose a new time.")
        publication.fail(lease, failure=failure, settle=settle)
        return
    with lease.fenced() as row:
        attempt.settle(Verdict.INCOMPLETE)
        row.note(f"{attempt}: {NEVER_COMPLETE}")


def _has_everything(attempt: Attempt, status: PostStatus) -> bool:
    """Whether nothing more is needed from us for it to appear; in doubt, yes."""
    if attempt.source == Source.PULL or status.status != "PROCESSING_UPLOAD":
        return True
    if status.uploaded_bytes is None:
        return attempt.finishing_at is not None
    return status.uploaded_bytes >= attempt.size
