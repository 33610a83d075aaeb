"""How many processes of one cluster may drain at once."""

import multiprocessing
import os
import signal

import pytest

from posts.seats import Seats, seat

fork = multiprocessing.get_context("fork")
# Newer Pythons warn of a fork beside threads, such as those of the test runner.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def sit_down(seats: Seats, said, may_leave) -> None:
    with seats.taken() as got_one:
        said.put(got_one)
        may_leave.wait(10)


def test_there_are_as_many_seats_as_there_are_and_each_comes_free_again():
    seats = Seats(2)
    said, may_leave = fork.Queue(), fork.Event()
    drains = [fork.Process(target=sit_down, args=(seats, said, may_leave)) for _ in range(3)]
    for drain in drains:
        drain.start()
    assert sorted(said.get(timeout=10) for _ in drains) == [False, True, True]

    may_leave.set()
    for drain in drains:
        drain.join()
    with seats.taken() as got_one:
        assert got_one


def test_who_is_killed_leaves_no_seat_taken():
    seats = Seats(1)
    said, may_leave = fork.Queue(), fork.Event()
    drain = fork.Process(target=sit_down, args=(seats, said, may_leave))
    drain.start()
    assert said.get(timeout=10) is True

    os.kill(drain.pid, signal.SIGKILL)
    drain.join()

    with seats.taken() as got_one:
        assert got_one


def test_outside_of_a_cluster_there_is_always_a_seat():
    with seat() as got_one:
        assert got_one
