"""For each move of the table, and for each who may make it: how it is made.

A new move without a story here fails `test_states.py`.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Event

from django.utils import timezone

from accounts.models import User
from posts.leases import Lease
from posts.models import Publication, Source, Verdict
from posts.parking import park, stop_unfetched, unpark
from posts.states import HeldReason, State, Who
from posts.tests.backups import (
    a_backup_is_put_back,
    a_backup_is_put_back_after_a_deferred_last_block,
    a_backup_is_put_back_after_the_last_block,
    a_backup_of_a_begun_upload_is_put_back,
    a_backup_of_an_unanswered_init_is_put_back,
)
from posts.tests.walk import FAILURE, bring, lease_on, settled

Story = Callable[[Publication, User], None]
Key = tuple[State, State, Who]

S, P, D, W, OP = State, Who.PERSON, Who.DISPATCHER, Who.WORKER, Who.OPERATOR


def ask_for_approval(publication: Publication, by: User) -> None:
    publication.ask_for_approval(by=by, due_at=timezone.now() + timedelta(days=1))


def take_back(publication: Publication, by: User) -> None:
    publication.take_back(by=by)


def schedule(publication: Publication, by: User) -> None:
    publication.schedule(timezone.now() + timedelta(hours=1), by=by)


def send_again(publication: Publication, by: User) -> None:
    publication.schedule(timezone.now() + timedelta(hours=1), by=by, send_again=True)


def reschedule(publication: Publication, by: User) -> None:
    publication.reschedule(timezone.now() + timedelta(hours=2), by=by)


def take_proposal(publication: Publication, by: User) -> None:
    publication.proposed_at = timezone.now() + timedelta(hours=3)
    publication.take_proposal(by=by)


def unschedule(publication: Publication, by: User) -> None:
    publication.unschedule(by=by)


def cancel(publication: Publication, by: User) -> None:
    publication.cancel(by=by)


def pause(publication: Publication, by: User) -> None:
    publication.pause(by=by)


def resume(publication: Publication, by: User) -> None:
    publication.resume(by=by)


def retry(publication: Publication, by: User) -> None:
    publication.retry(by=by)


def check_again(publication: Publication, by: User) -> None:
    publication.check_again(by=by)


def confirm_live(publication: Publication, by: User) -> None:
    publication.confirm_live(by=by, permalink="https://plain.test/1")


def take_back_word(publication: Publication, by: User) -> None:
    publication.take_back_word(by=by)


def undo_cancel(publication: Publication, by: User) -> None:
    publication.undo_cancel(by=by)


def the_account_stops(publication: Publication, by: User) -> None:
    park(publication.channel, because="the account must be reconnected")


def the_account_stops_before_anybody_has_fetched(publication: Publication, by: User) -> None:
    publication.attempts.update(source=Source.PULL, finishing_at=None, sent_at=None)
    stop_unfetched(publication.channel, because="the account was disconnected")


def the_account_is_back(publication: Publication, by: User) -> None:
    Publication.objects.filter(pk=publication.pk).update(held_reason=HeldReason.RECONNECT)
    unpark(publication.channel)


def the_account_is_back_too_late(publication: Publication, by: User) -> None:
    long_ago = timezone.now() - timedelta(days=1)
    Publication.objects.filter(pk=publication.pk).update(due_at=long_ago)
    the_account_is_back(publication, by)


def a_message_of_the_platform(publication: Publication, by: User) -> None:
    publication._move(S.PROCESSING, who=D, because="a message came", next_step_at=timezone.now())


def start_sending(publication: Publication, by: User) -> None:
    claimed = Lease.claim(by="a worker", stop=Event())
    assert claimed is not None
    claimed[0].start_sending(claimed[1])


def take_over(publication: Publication, by: User) -> None:
    a_minute_ago = timezone.now() - timedelta(minutes=1)
    dead = Publication.objects.filter(pk=publication.pk)
    dead.update(lease_until=a_minute_ago, next_step_at=a_minute_ago)
    claimed = Lease.claim(by="another worker", stop=Event())
    assert claimed is not None
    claimed[0].take_over(claimed[1])


def defer(publication: Publication, by: User) -> None:
    in_a_minute = timezone.now() + timedelta(minutes=1)
    lease = lease_on(publication)
    settle = settled(publication, Verdict.FAILED)
    publication.defer(lease, in_a_minute, failure=FAILURE, settle=settle)


def hold(publication: Publication, by: User) -> None:
    lease, settle = lease_on(publication), settled(publication, Verdict.FAILED)
    publication.hold(lease, HeldReason.CHOICE, failure=FAILURE, settle=settle)


def fail(publication: Publication, by: User) -> None:
    settle = settled(publication, Verdict.FAILED)
    publication.fail(lease_on(publication), failure=FAILURE, settle=settle)


def fail_the_draft(publication: Publication, by: User) -> None:
    publication.attempts.update(verdict=Verdict.FAILED)
    publication.fail(lease_on(publication), failure=FAILURE)


def obey_cancel(publication: Publication, by: User) -> None:
    publication.cancel(by=by)
    settle = settled(publication, Verdict.INCOMPLETE)
    publication.obey_cancel(lease_on(publication), settle=settle)


def cancel_what_nobody_holds(publication: Publication, by: User) -> None:
    lease_on(publication).let_go()
    assert publication.cancel(by=by) is True


def cancel_what_nobody_has_fetched(publication: Publication, by: User) -> None:
    publication.attempts.update(source=Source.PULL, finishing_at=None, sent_at=None)
    assert publication.cancel(by=by) is True


def stop_what_was_being_fetched(publication: Publication, by: User) -> None:
    """A person has asked for it, and the platform says that it has stopped."""
    lease, settle = lease_on(publication), settled(publication, Verdict.FAILED)
    publication.cancel_asked_by = by
    publication.obey_cancel(lease, settle=settle)


def await_processing(publication: Publication, by: User) -> None:
    publication.await_processing(lease_on(publication), timezone.now())


def unconfirm(publication: Publication, by: User) -> None:
    publication.unconfirm(lease_on(publication), failure=FAILURE)


def publish(publication: Publication, by: User) -> None:
    settle = settled(publication, Verdict.PUBLISHED)
    publication.publish(lease_on(publication), settle=settle, next_step_at=None)


def deliver(publication: Publication, by: User) -> None:
    settle = settled(publication, Verdict.DELIVERED)
    publication.deliver(lease_on(publication), settle=settle, next_step_at=None)


STORIES: dict[Key, Story] = {
    (S.DRAFT, S.AWAITING_APPROVAL, P): ask_for_approval,
    (S.DRAFT, S.SCHEDULED, P): schedule,
    (S.AWAITING_APPROVAL, S.DRAFT, P): take_back,
    (S.AWAITING_APPROVAL, S.SCHEDULED, P): schedule,
    (S.AWAITING_APPROVAL, S.CANCELED, P): cancel,
    (S.SCHEDULED, S.SCHEDULED, P): reschedule,
    (S.SCHEDULED, S.DRAFT, P): unschedule,
    (S.SCHEDULED, S.AWAITING_APPROVAL, P): ask_for_approval,
    (S.SCHEDULED, S.CANCELED, P): cancel,
    (S.SCHEDULED, S.HELD, P): pause,
    (S.SCHEDULED, S.HELD, D): the_account_stops,
    (S.SCHEDULED, S.HELD, W): hold,
    (S.SCHEDULED, S.SENDING, W): start_sending,
    (S.SENDING, S.SENDING, W): take_over,
    (S.SENDING, S.SCHEDULED, W): defer,
    (S.SENDING, S.HELD, W): hold,
    (S.SENDING, S.FAILED, W): fail,
    (S.SENDING, S.CANCELED, P): cancel_what_nobody_holds,
    (S.SENDING, S.CANCELED, W): obey_cancel,
    (S.SENDING, S.PROCESSING, W): await_processing,
    (S.SENDING, S.UNCONFIRMED, W): unconfirm,
    (S.PROCESSING, S.SCHEDULED, W): defer,
    (S.PROCESSING, S.HELD, D): the_account_stops_before_anybody_has_fetched,
    (S.PROCESSING, S.HELD, W): hold,
    (S.PROCESSING, S.FAILED, W): fail,
    (S.PROCESSING, S.UNCONFIRMED, W): unconfirm,
    (S.PROCESSING, S.CANCELED, P): cancel_what_nobody_has_fetched,
    (S.PROCESSING, S.CANCELED, W): stop_what_was_being_fetched,
    (S.DELIVERED, S.PUBLISHED, P): confirm_live,
    (S.DELIVERED, S.FAILED, W): fail_the_draft,
    (S.DELIVERED, S.CANCELED, P): cancel,
    (S.DELIVERED, S.SCHEDULED, P): send_again,
    (S.HELD, S.SCHEDULED, P): resume,
    (S.HELD, S.SCHEDULED, D): the_account_is_back,
    (S.HELD, S.HELD, P): pause,
    (S.HELD, S.HELD, D): the_account_is_back_too_late,
    (S.HELD, S.DRAFT, P): unschedule,
    (S.HELD, S.AWAITING_APPROVAL, P): ask_for_approval,
    (S.HELD, S.CANCELED, P): cancel,
    (S.FAILED, S.SCHEDULED, P): retry,
    (S.FAILED, S.DRAFT, P): take_back,
    (S.FAILED, S.CANCELED, P): cancel,
    (S.UNCONFIRMED, S.PROCESSING, P): check_again,
    (S.UNCONFIRMED, S.PROCESSING, D): a_message_of_the_platform,
    (S.UNCONFIRMED, S.PUBLISHED, P): confirm_live,
    (S.UNCONFIRMED, S.FAILED, W): fail,
    (S.UNCONFIRMED, S.SCHEDULED, P): send_again,
    (S.UNCONFIRMED, S.CANCELED, P): cancel,
    (S.CANCELED, S.DRAFT, P): undo_cancel,
    (S.PUBLISHED, S.UNCONFIRMED, P): take_back_word,
    # A backup was put back: what may have gone out since is for TikTok and people to tell.
    (S.SCHEDULED, S.HELD, OP): a_backup_is_put_back,
    (S.SENDING, S.HELD, OP): a_backup_of_an_unanswered_init_is_put_back,
    (S.HELD, S.HELD, OP): a_backup_is_put_back,
    (S.HELD, S.UNCONFIRMED, OP): a_backup_of_a_begun_upload_is_put_back,
    (S.SCHEDULED, S.UNCONFIRMED, OP): a_backup_is_put_back_after_a_deferred_last_block,
    (S.SENDING, S.UNCONFIRMED, OP): a_backup_is_put_back_after_the_last_block,
    (S.PROCESSING, S.UNCONFIRMED, OP): a_backup_is_put_back,
    # The status of any attempt may say so at any time.
    (S.DRAFT, S.PUBLISHED, W): publish,
    (S.AWAITING_APPROVAL, S.PUBLISHED, W): publish,
    (S.SCHEDULED, S.PUBLISHED, W): publish,
    (S.SENDING, S.PUBLISHED, W): publish,
    (S.PROCESSING, S.PUBLISHED, W): publish,
    (S.DELIVERED, S.PUBLISHED, W): publish,
    (S.HELD, S.PUBLISHED, W): publish,
    (S.FAILED, S.PUBLISHED, W): publish,
    (S.UNCONFIRMED, S.PUBLISHED, W): publish,
    (S.CANCELED, S.PUBLISHED, W): publish,
    (S.DRAFT, S.DELIVERED, W): deliver,
    (S.AWAITING_APPROVAL, S.DELIVERED, W): deliver,
    (S.SCHEDULED, S.DELIVERED, W): deliver,
    (S.SENDING, S.DELIVERED, W): deliver,
    (S.PROCESSING, S.DELIVERED, W): deliver,
    (S.HELD, S.DELIVERED, W): deliver,
    (S.FAILED, S.DELIVERED, W): deliver,
    (S.UNCONFIRMED, S.DELIVERED, W): deliver,
    (S.CANCELED, S.DELIVERED, W): deliver,
}


def begin(publication: Publication, key: Key, *, by: User) -> None:
    """Bring the draft `publication` to where the story of `key` begins."""
    if key[:2] == (S.PUBLISHED, S.UNCONFIRMED):  # only a person's word can be taken back
        bring(publication, S.UNCONFIRMED, by=by)
        confirm_live(publication, by)
    else:
        bring(publication, key[0], by=by)
