"""The steps of the model, in any order that hypothesis thinks of."""

import random
from datetime import timedelta
from typing import ClassVar

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from time_machine import TimeMachineFixture

from accounts.models import Channel, Health
from posts import crew
from posts.leases import Lease
from posts.models import Installation, Media, Post, Publication
from posts.parking import FORGOTTEN_AFTER, unpark_forgotten
from posts.states import MACHINE_STATES
from tiktok.models import TikTokOptions
from tiktok.tests.model import invariants, people
from tiktok.tests.model.actors import Actor, Stage, Trouble
from tiktok.tests.model.invariants import Snapshot
from tiktok.tests.model.people import Wish, World
from tiktok.tests.model.pretend import PUBLIC
from tiktok.tests.model.strategies import (
    answers,
    durations,
    pauses,
    troubles,
    upload_answers,
    verdicts,
    whose,
    workers,
)

STEPS_TO_REST = 150  # for everything that a machine moves, once nothing goes wrong any more


class Life(RuleBasedStateMachine):
    """Two posts of one account, three workers, a web process, and a TikTok."""

    world: ClassVar[World]
    clock: ClassVar[TimeMachineFixture]
    stage: ClassVar[Stage]
    web: ClassVar[Actor]
    crew: ClassVar[list[Actor]]
    moves: ClassVar[set[tuple[str, str]]] = set()  # of the table, that were seen in any life

    def __init__(self) -> None:
        super().__init__()
        self.checked: dict[int, object] = {}

    @initialize(
        begins=st.sampled_from(
            ["2026-01-15T12:00Z", "2026-03-29T00:30Z", "2026-10-25T00:30Z"]  # clocks change
        ),
        inbox=st.booleans(),
    )
    def begin(self, begins: str, inbox: bool) -> None:
        self.clock.move_to(begins, tick=False)
        random.seed(7)
        self._forget()
        Channel.objects.update(health=Health.NEEDS_RECONNECT, refreshing_until=None)
        people.reconnect(self.world)
        for number in range(2):
            post = Post.objects.create(
                workspace=self.world.workspace, author=self.world.alice, caption=f"post {number}"
            )
            post.set_media([self.world.media[number]])
            publication = Publication.objects.create(post=post, channel=self.world.channel)
            choices = people.options(4) if inbox and number else {"privacy_level": PUBLIC}
            TikTokOptions.objects.create(publication=publication, **choices)
            publication.schedule(timezone.now(), by=self.world.alice)
            self.world.publications.append(publication.pk)

    # People

    @rule(
        who=whose,
        name=st.sampled_from(sorted(people.ACTS)),
        number=st.integers(0, 20),
        trouble=troubles,
    )
    @precondition(lambda self: self.web.is_idle)
    def somebody(self, who: int, name: str, number: int, trouble: Trouble | None) -> None:
        wish = Wish(self.world.publications[who], number)
        self.web.do(lambda: people.act(self.world, name, wish), trouble)

    @rule(now=st.booleans(), trouble=troubles)
    @precondition(lambda self: self.web.is_idle)
    def somebody_disconnects(self, now: bool, trouble: Trouble | None) -> None:
        self.web.do(lambda: people.disconnect(self.world, now=now), trouble)

    @rule(trouble=troubles)
    @precondition(lambda self: self.web.is_idle)
    def somebody_reconnects(self, trouble: Trouble | None) -> None:
        self.web.do(lambda: people.reconnect(self.world), trouble)

    @rule(trouble=troubles)
    @precondition(lambda self: self.web.is_idle)
    def the_account_is_paused(self, trouble: Trouble | None) -> None:
        self.web.do(lambda: people.pause_account(self.world), trouble)

    @rule(trouble=troubles)
    @precondition(lambda self: self.web.is_idle)
    def the_account_goes_on(self, trouble: Trouble | None) -> None:
        self.web.do(lambda: people.let_account_go_on(self.world), trouble)

    @rule(trouble=troubles)
    @precondition(lambda self: self.web.is_idle)
    def somebody_tidies(self, trouble: Trouble | None) -> None:
        self.web.do(unpark_forgotten, trouble)

    # Workers

    @rule(which=workers, trouble=troubles)
    def a_worker(self, which: int, trouble: Trouble | None) -> None:
        actor = self.crew[which]
        if actor.is_idle:
            actor.do(lambda: one_step(actor), trouble)

    @rule(which=workers, trouble=troubles)
    def a_worker_when_something_is_due(self, which: int, trouble: Trouble | None) -> None:
        self._wait_for_the_next_step()
        self.a_worker(which, trouble)

    @rule(which=st.integers(0, 3), dies=st.booleans())
    def who_was_frozen_wakes(self, which: int, dies: bool) -> None:
        actor = [*self.crew, self.web][which]
        if actor.is_frozen:
            actor.thaw(to_die=dies)

    # Time and TikTok

    @rule(pause=pauses)
    def time_passes(self, pause: timedelta) -> None:
        self.clock.shift(pause)

    @rule(endpoint=st.sampled_from(["creator_info", "init", "status", "token"]), answer=answers)
    def tiktok_will_answer(self, endpoint: str, answer: str) -> None:
        self.world.tiktok.troubles[endpoint].append(answer)

    @rule(answer=upload_answers)
    def tiktoks_upload_will_answer(self, answer: str) -> None:
        self.world.tiktok.troubles["upload"].append(answer)

    @rule(verdict=verdicts, takes=durations)
    def tiktok_will_judge(self, verdict: str, takes: timedelta) -> None:
        self.world.tiktok.verdict, self.world.tiktok.takes = verdict, takes

    @rule()
    def the_status_lags(self) -> None:
        self.world.tiktok.lags = not self.world.tiktok.lags

    @rule(disabled=st.sets(st.sampled_from(["comment", "duet", "stitch"])), public=st.booleans())
    def the_creator_changes_the_settings(self, disabled: set[str], public: bool) -> None:
        tiktok = self.world.tiktok
        tiktok.disabled = disabled
        tiktok.options = [PUBLIC, "SELF_ONLY"] if public else ["FOLLOWER_OF_CREATOR", "SELF_ONLY"]

    @rule()
    def the_creator_removes_access(self) -> None:
        self.world.tiktok.remove_access()

    @rule(after=st.integers(0, 3))
    def tiktok_forgets(self, after: int) -> None:
        for upload in list(self.world.tiktok.uploads.values())[after:]:
            upload.forgotten = True

    @rule()
    def the_creator_posts_the_drafts(self) -> None:
        for upload in self.world.tiktok.live():
            upload.posted_at = timezone.now()

    # What must hold

    @invariant()
    def all_is_well(self) -> None:
        found = invariants.snapshots(self.world)
        invariants.check_the_account(found)
        for snapshot in found:
            pk, marks = snapshot.publication.pk, snapshot.marks
            if self.checked.get(pk) != marks:
                self._check(snapshot)
                self.checked[pk] = marks

    def _check(self, snapshot: Snapshot) -> None:
        self.moves.update((each.before, each.after) for each in snapshot.events if each.is_move)
        try:
            invariants.check(self.world, snapshot)
        except AssertionError:
            note(str(snapshot))
            raise

    def teardown(self) -> None:
        try:
            if self.world.publications:
                self._come_to_rest()
        finally:
            for actor in (*self.crew, self.web):
                if actor.is_frozen:
                    actor.thaw(to_die=True)

    def _come_to_rest(self) -> None:
        """Nothing goes wrong any more: everything that a machine moves comes to its end."""
        tiktok = self.world.tiktok
        for actor in (*self.crew, self.web):
            if actor.is_frozen:
                actor.thaw()
        tiktok.be_kind()
        for step in range(STEPS_TO_REST):
            self.all_is_well()
            if step == 0:
                self.clock.shift(FORGOTTEN_AFTER * 2)
                self.web.do(unpark_forgotten)
            if not self._wait_for_the_next_step(at_least=timedelta(hours=step // 25)):
                break
            self.crew[0].do(lambda: one_step(self.crew[0]))
        else:
            raise AssertionError("it never comes to rest")
        for snapshot in invariants.snapshots(self.world):
            try:
                invariants.check_the_end(self.world, snapshot)
            except AssertionError:
                note(str(snapshot))
                raise

    def _wait_for_the_next_step(self, *, at_least: timedelta = timedelta(0)) -> bool:
        """False when nothing will ever be due by itself."""
        moment = Publication.next_moment()
        if moment is None:
            return False
        # What is only looked after, such as a draft in the inbox, is looked at rarely.
        only_looked_after = not Publication.objects.filter(state__in=MACHINE_STATES).exists()
        pause = max(moment - timezone.now() + timedelta(milliseconds=1), at_least)
        self.clock.shift(max(pause, timedelta(days=2) if only_looked_after else timedelta(0)))
        return True

    def _forget(self) -> None:
        self.world.publications.clear()
        self.world.tiktok.forget_everything()
        empty_tables()


def one_step(actor: Actor) -> None:
    """One round of a worker's thread, as in crew.py."""
    claimed = Lease.claim(by=actor.name, stop=actor.stop)
    if claimed is not None:
        crew._take_step(*claimed)


def empty_tables() -> None:
    """Forget all posts; the people, the account and its files stay."""
    models = [
        *apps.get_app_config("posts").get_models(),
        *apps.get_app_config("tiktok").get_models(),
    ]
    with transaction.atomic():
        for model in models:
            if model not in {Media, Installation}:
                model._default_manager.all()._raw_delete(connection.alias)
