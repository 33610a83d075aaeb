"""The steps of the model, in any order that hypothesis thinks of."""

import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import ClassVar

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from time_machine import TimeMachineFixture

from accounts.models import Channel, Health
from posts import crew
from posts.leases import Lease
from posts.models import Installation, Media, Publication
from posts.parking import FORGOTTEN_AFTER
from posts.states import MACHINE_STATES
from tiktok.tests.model import invariants, people
from tiktok.tests.model.actors import Actor, Stage, Trouble
from tiktok.tests.model.invariants import Snapshot
from tiktok.tests.model.people import Wish, World
from tiktok.tests.model.pretend import CREATOR, PretendTikTok
from tiktok.tests.model.strategies import (
    Answer,
    api_answers,
    durations,
    pauses,
    rarely,
    real_troubles,
    troubles,
    upload_answers,
    verdicts,
    whose,
    workers,
)

STEPS_TO_REST = 150  # for everything that a machine moves, once nothing goes wrong any more


class Life(RuleBasedStateMachine):
    """Posts of one account, three workers, a web process, and a TikTok."""

    world: ClassVar[World]
    clock: ClassVar[TimeMachineFixture]
    stage: ClassVar[Stage]
    web: ClassVar[Actor]
    crew: ClassVar[list[Actor]]
    moves: ClassVar[set[tuple[str, str]]] = set()  # of the table, that were seen in any life

    def __init__(self) -> None:
        super().__init__()
        self.checked: dict[int, object] = {}
        self.has_changed = True

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
        people.compose(self.world, int(inbox) * 4)
        people.compose(self.world, 1)

    # Few rules with much to choose in each: hypothesis leaves whole rules out of a life.

    @rule(who=whose, number=st.integers(0, 60), any_act=rarely, trouble=troubles)
    def somebody(self, who: int, number: int, any_act: bool, trouble: Trouble | None) -> None:
        wish = Wish(self.world.publications[-1 - who], number)
        name = sorted(people.ACTS)[number % len(people.ACTS)] if any_act else ""
        self._at_the_web(lambda: people.act(self.world, wish, name), trouble)

    @rule(what=st.sampled_from(list(people.AROUND)), trouble=troubles)
    def something_around(self, what: str, trouble: Trouble | None) -> None:
        self._at_the_web(lambda: people.AROUND[what](self.world), trouble)

    @rule(which=workers, trouble=troubles, waits=st.booleans())
    def a_worker(self, which: int, trouble: Trouble | None, waits: bool) -> None:
        """Does what is due; or, when it waits, what will be due next."""
        actor = self.crew[which]
        if waits and not self._wait_for_the_next_step():
            self._at_the_web(lambda: people.keep_it_going(self.world), None)
        if actor.is_idle:
            self.has_changed = True
            actor.do(lambda: one_step(actor), trouble)

    @rule(first=real_troubles, second=troubles, then=upload_answers)
    def two_workers_in_trouble(self, first: Trouble, second: Trouble | None, then: Answer) -> None:
        """One after the other, at what is due next: the second finds what the first has left."""
        self.a_worker(which=0, trouble=first, waits=True)
        self.world.tiktok.troubles["upload"].append(then[1])
        self.a_worker(which=1, trouble=second, waits=True)

    @rule(answer=upload_answers, number=st.integers(0, 60), trouble=troubles)
    def somebody_acts_on_what_is_in_doubt(
        self, answer: Answer, number: int, trouble: Trouble | None
    ) -> None:
        """The answer to a new post's upload goes wrong, and then somebody changes their mind."""
        posts = self.world.publications
        self._at_the_web(lambda: people.compose(self.world, len(posts)), None)
        waiting = self.world.tiktok.troubles["upload"]
        waiting.append(answer[1])
        for _ in range(3):
            if waiting:
                self.a_worker(which=2, trouble=None, waits=True)
        self._at_the_web(lambda: people.act(self.world, Wish(posts[-1], number)), trouble)

    @rule(which=st.integers(0, 3), dies=rarely)
    def who_was_frozen_wakes(self, which: int, dies: bool) -> None:
        actor = [*self.crew, self.web][which]
        if actor.is_frozen:
            self.has_changed = True
            actor.thaw(to_die=dies)

    @rule(pause=pauses)
    def time_passes(self, pause: timedelta) -> None:
        self.clock.shift(pause)

    @rule(answer=st.one_of(api_answers, upload_answers), again=st.integers(1, 3))
    def tiktok_will_answer(self, answer: Answer, again: int) -> None:
        self.world.tiktok.troubles[answer[0]].extend([answer[1]] * again)

    @rule(verdict=verdicts, takes=durations, lags=st.booleans(), what=st.sampled_from(CREATOR))
    def over_there(
        self, verdict: str, takes: timedelta, lags: bool, what: Callable[[PretendTikTok], None]
    ) -> None:
        tiktok = self.world.tiktok
        tiktok.verdict, tiktok.takes, tiktok.lags = verdict, takes, lags
        what(tiktok)

    @rule(which=st.integers(0, 3), number=st.integers(0, 7), trouble=troubles)
    def tiktok_tells(self, which: int, number: int, trouble: Trouble | None) -> None:
        for upload in list(self.world.tiktok.uploads.values())[which : which + 1]:
            self._at_the_web(partial(people.tell_of, upload, number), trouble)

    def _at_the_web(self, act: Callable[[], object], trouble: Trouble | None) -> None:
        if self.web.is_frozen:
            self.web.thaw()
        self.has_changed = True
        self.web.do(act, trouble)

    # What must hold

    @invariant()
    def all_is_well(self) -> None:
        if not self.has_changed:
            return
        self.has_changed = False
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
            self.has_changed = True
            self.all_is_well()
            if step in {0, STEPS_TO_REST // 3}:
                self.clock.shift(FORGOTTEN_AFTER * 2)
                self.web.do(lambda: people.tidy(self.world))
                self.web.do(lambda: people.reconcile(self.world))
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
