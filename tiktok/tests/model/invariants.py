"""What must be true of a publication after each step, whatever has happened."""

from dataclasses import dataclass

from accounts.models import Channel, Health
from posts.models import Attempt, Publication, PublicationEvent, Verdict
from posts.offers import offers
from posts.parking import FOR_THE_ACCOUNT
from posts.states import MACHINE_STATES, MOVES, State
from posts.stumbles import STUMBLED
from tiktok.models import PostMode
from tiktok.tests.model.people import World
from tiktok.tests.model.pretend import Upload

# Where a person can read that it is out, or that nobody can know.
SAYS_LIVE = (State.PUBLISHED, State.DELIVERED, State.UNCONFIRMED)


@dataclass(frozen=True)
class Snapshot:
    """All of one publication, read at once."""

    publication: Publication
    events: list[PublicationEvent]
    attempts: list[Attempt]
    live: list[Upload]

    @property
    def marks(self) -> tuple[object, ...]:
        """The same as before: then nothing has to be checked again."""
        row = {name: value for name, value in vars(self.publication).items() if name[0] != "_"}
        verdicts = [(each.pk, each.publish_id, each.verdict) for each in self.attempts]
        return row, len(self.events), verdicts, [each.publish_id for each in self.live]

    def __str__(self) -> str:
        """What hypothesis prints beside the steps that led there."""
        told = [f"publication {self.publication.pk}: {self.publication.state}"]
        for event in self.events:
            told.append(f"{event.at:%d %H:%M:%S} {event.before} -> {event.after}: {event.because}")
        for each in self.attempts:
            told.append(f"{each}: {each.publish_id}, {each.verdict or 'open'}, {each.finishing_at}")
        return "\n  ".join(told)


def snapshots(world: World) -> list[Snapshot]:
    rows = Publication.objects.filter(pk__in=world.publications).order_by("pk")
    events = PublicationEvent.objects.filter(publication__in=world.publications).order_by("pk")
    attempts = Attempt.objects.filter(publication__in=world.publications)
    all_events, all_attempts, live = list(events), list(attempts), world.tiktok.live()
    ids = {each.publish_id for each in all_attempts}
    strange = [each for each in live if each.publish_id not in ids]
    assert strange == [], "something is live that no attempt knows of"
    found = []
    for row in rows:
        mine = [each for each in all_attempts if each.publication_id == row.pk]
        my_ids = {each.publish_id for each in mine}
        found.append(
            Snapshot(
                row,
                [each for each in all_events if each.publication_id == row.pk],
                mine,
                [each for each in live if each.publish_id in my_ids],
            )
        )
    return found


def check(world: World, snapshot: Snapshot) -> None:
    """All that must hold for one publication."""
    publication, attempts = snapshot.publication, snapshot.attempts
    _check_history(snapshot)
    _check_somebody_can_move_it(publication, world)
    assert sum(attempt.is_open for attempt in attempts) <= 1
    by_id = {attempt.publish_id: attempt for attempt in attempts}
    wanted = [e for e in snapshot.live if by_id[e.publish_id].verdict != Verdict.WRITTEN_OFF]
    assert len(wanted) <= 1, f"twice live: {wanted}"
    for upload in snapshot.live:
        check_content(publication, by_id[upload.publish_id], upload)


def check_the_account(found: list[Snapshot]) -> None:
    sending = [each for each in found if each.publication.state == State.SENDING]
    assert len(sending) <= 1, "two are being sent at once"


def check_content(publication: Publication, attempt: Attempt, upload: Upload) -> None:
    """What TikTok shows is what a person approved, to the byte."""
    approval = publication.approvals.filter(digest=attempt.digest).last()
    assert approval is not None, "live without an approval"
    current = publication.approval
    if attempt.verdict != Verdict.WRITTEN_OFF and current is not None:
        assert current.digest == attempt.digest, "live is not what was approved last"
    content, chosen = approval.content, approval.content["options"]
    assert [upload.sha256] == content["media"]
    assert upload.mode == chosen["mode"]
    if chosen["mode"] == PostMode.INBOX:
        return
    info = upload.info
    assert info["title"] == content["caption"]
    assert info["privacy_level"] == chosen["privacy_level"]
    assert info["brand_organic_toggle"] == chosen["brand_organic"]
    for name in ("comment", "duet", "stitch"):
        # What was not allowed is off; what was allowed may be off for the whole account.
        assert info[f"disable_{name}"] or chosen[f"allow_{name}"]


def _check_history(snapshot: Snapshot) -> None:
    state, confirmed = State.DRAFT, False
    for event in snapshot.events:
        before, after = State(event.before), State(event.after)
        assert before is state, f"a gap before “{event.because}”: {state} is not {before}"
        assert not event.is_move or (before, after) in MOVES
        assert event.because != STUMBLED, "a mistake of the program; see the log"
        assert not (confirmed and before is not after), "moved after TikTok's last word"
        confirmed = confirmed or (after is State.PUBLISHED and event.by_id is None)
        state = after
    assert snapshot.publication.state == state


def _check_somebody_can_move_it(publication: Publication, world: World) -> None:
    state = State(publication.state)
    if state in MACHINE_STATES:
        assert publication.next_step_at is not None
        return
    if state is State.PUBLISHED and publication.by_word_of_id is None:
        return
    assert offers(publication, world.alice, may_write=True, may_publish=True)


def check_the_end(world: World, snapshot: Snapshot) -> None:
    """Everything rests: what is live says so, and what says so is live."""
    publication = snapshot.publication
    assert publication.state not in MACHINE_STATES
    left_alone = (State.UNCONFIRMED, State.CANCELED) in {
        (each.before, each.after) for each in snapshot.events
    }
    live = {upload.publish_id: upload for upload in snapshot.live}
    for attempt in snapshot.attempts:
        upload = live.get(attempt.publish_id or "")
        if upload is None:
            told = attempt.verdict in {Verdict.PUBLISHED, Verdict.DELIVERED}
            assert not told, f"{attempt} says {attempt.verdict}, and nothing is there"
        elif not upload.forgotten and attempt.verdict != Verdict.WRITTEN_OFF:
            assert left_alone or publication.state in SAYS_LIVE, "live, and nobody says so"
    if publication.held_reason in FOR_THE_ACCOUNT:
        health = Channel.objects.get(pk=world.channel.pk).health
        assert health != Health.CONNECTED, "held for an account that can be used"
