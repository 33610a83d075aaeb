"""The plan holds under both readings of "MB", at every boundary (Protocol 8.1 to 8.4)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok.chunks import ChunkPlan, plan
from tiktok.errors import RefusedHere

# size, chunk size, count, bytes of the last chunk: the table of Protocol 8.3.
WORKED = [
    (1, 1, 1, 1),
    (4_194_304, 4_194_304, 1, 4_194_304),
    (4_900_000, 4_900_000, 1, 4_900_000),
    (4_999_999, 4_999_999, 1, 4_999_999),
    (5_000_000, 5_000_000, 1, 5_000_000),
    (5_242_880, 5_242_880, 1, 5_242_880),
    (10_000_000, 10_000_000, 1, 10_000_000),
    (15_000_000, 15_000_000, 1, 15_000_000),
    (20_000_000, 20_000_000, 1, 20_000_000),
    (50_000_123, 50_000_123, 1, 50_000_123),
    (64_000_000, 64_000_000, 1, 64_000_000),
    (64_000_001, 10_000_000, 6, 14_000_001),
    (67_108_864, 10_000_000, 6, 17_108_864),
    (67_108_865, 10_000_000, 6, 17_108_865),
    (94_000_000, 10_000_000, 9, 14_000_000),
    (128_000_000, 10_000_000, 12, 18_000_000),
    (1_000_000_000, 10_000_000, 100, 10_000_000),
    (4_000_000_000, 10_000_000, 400, 10_000_000),
]


@pytest.mark.parametrize(("size", "chunk_size", "count", "last"), WORKED)
def test_the_plan_is_that_of_the_worked_table(size, chunk_size, count, last):
    chunks = plan(size)

    assert (chunks.chunk_size, chunks.count) == (chunk_size, count)
    assert chunks.last(count - 1) - chunks.first(count - 1) + 1 == last


@pytest.mark.parametrize("mb", [10**6, 2**20])
@given(size=st.integers(1, 4_000_000_000))
def test_no_size_breaks_a_rule_of_tiktok(mb, size):
    chunks = plan(size)
    lengths = {chunks.last(i) - chunks.first(i) + 1 for i in range(chunks.count - 1)}
    last = chunks.last(chunks.count - 1) - chunks.first(chunks.count - 1) + 1

    assert chunks.count == size // chunks.chunk_size
    assert 1 <= chunks.count <= 1_000
    assert lengths <= {chunks.chunk_size}
    if chunks.count == 1:
        assert chunks.chunk_size == size <= 64 * mb
    else:
        assert 5 * mb <= chunks.chunk_size <= 64 * mb
        assert chunks.chunk_size <= last <= 64 * mb  # the strictest reading of rule 2


@given(size=st.integers(64_000_001, 4_000_000_000))
def test_the_chunks_are_the_file_without_gap_or_overlap(size):
    chunks = plan(size)
    bounds = [(chunks.first(i), chunks.last(i)) for i in range(chunks.count)]

    assert bounds[0][0] == 0
    assert bounds[-1][1] == size - 1
    assert all(last + 1 == first for (_, last), (first, _) in pairwise(bounds))


@pytest.mark.parametrize(
    ("size", "said"), [(0, "empty"), (-1, "empty"), (4_000_000_001, "4,000,000,001")]
)
def test_a_size_that_tiktok_does_not_take_has_no_plan(size, said):
    with pytest.raises(RefusedHere) as refused:
        plan(size)

    assert said in refused.value.for_people


@pytest.mark.parametrize(
    ("size", "chunk_size", "count"),
    [
        (15, 10, 1),  # floor is right, but one chunk must be the file (8.1, rule 7)
        (25, 10, 3),  # the ceiling
        (25, 10, 0),
        (0, 0, 1),
        (25, 0, 2),
        (10, 20, 1),
    ],
)
def test_a_plan_that_tiktok_would_refuse_can_not_be_made(size, chunk_size, count):
    with pytest.raises(ValueError, match="do not make"):
        ChunkPlan(size, chunk_size, count)


def test_the_headers_are_those_of_the_pages_example():
    chunks = ChunkPlan(50_000_123, 10_000_000, 5)

    assert [chunks.content_range(index) for index in range(5)] == [
        "bytes 0-9999999/50000123",
        "bytes 10000000-19999999/50000123",
        "bytes 20000000-29999999/50000123",
        "bytes 30000000-39999999/50000123",
        "bytes 40000000-50000122/50000123",
    ]


@given(size=st.integers(2, 4_000_000_000), data=st.data())
def test_after_an_answer_the_next_chunk_is_right_in_both_readings(size, data):
    chunks = plan(size)
    accepted = data.draw(st.integers(0, chunks.count))
    received = chunks.first(accepted)

    assert chunks.next_chunk_after(received) == accepted  # a count
    assert chunks.next_chunk_after(received - 1) == accepted  # the last index
    assert chunks.next_chunk_after(received, exact=True) == accepted


@given(size=st.integers(1, 4_000_000_000), data=st.data())
def test_an_exact_count_that_ends_inside_of_a_chunk_asks_for_that_chunk(size, data):
    chunks = plan(size)
    received = data.draw(st.integers(0, size - 1))

    index = chunks.next_chunk_after(received, exact=True)

    assert chunks.first(index) <= received <= chunks.last(index)


@pytest.mark.parametrize(
    ("uploaded", "exact", "following"),
    [
        (-5, False, 0),
        (-5, True, 0),
        (0, True, 0),
        (13_999_999, False, 1),
        (60_000_000, False, 5),  # a part of the enlarged last chunk is not all of it
        (60_000_000, True, 5),
        (64_000_000, False, 6),
        (64_000_000, True, 5),
        (64_000_001, True, 6),
        (99_999_999, False, 6),
    ],
)
def test_odd_answers_have_a_next_chunk_too(uploaded, exact, following):
    assert plan(64_000_001).next_chunk_after(uploaded, exact=exact) == following
