"""The arithmetic of chunks, on the sizes of Protocol 8.3."""

import pytest

from tiktok.sandbox.chunk_rules import ChunkPlan, check
from tiktok.sandbox.refusals import Refusal
from tiktok.tests.sandbox.caller import VIDEO_INIT, chunked

MIB = 2**20


def verdict(size, chunk_size, count):
    try:
        check(ChunkPlan(size, chunk_size, count))
    except Refusal as refusal:
        return f"{refusal.code}: {refusal.message}"
    return "ok"


WRONG_SIZE = "invalid_param: video size is invalid"
WRONG_CHUNK = "invalid_param: chunk size is invalid"
WRONG_COUNT = "invalid_param: total chunk count is invalid"


@pytest.mark.parametrize(
    "size",
    [1, 4_194_304, 4_999_999, 5_000_000, 5 * MIB, 15_000_000, 50_000_123, 64_000_000, 64 * MIB],
)
def test_up_to_64_mb_a_video_may_go_whole(size):
    assert verdict(size, size, 1) == "ok"


def test_above_64_mib_it_may_not():
    assert verdict(64 * MIB + 1, 64 * MIB + 1, 1) == WRONG_CHUNK


@pytest.mark.parametrize(
    ("size", "count"),
    [
        (20_000_000, 2),
        (50_000_123, 5),
        (64_000_001, 6),
        (64 * MIB + 1, 6),
        (94_000_000, 9),
        (1_000_000_000, 100),
        (4_000_000_000, 400),
        (4 * 2**30, 429),
    ],
)
def test_the_count_is_the_size_divided_and_rounded_down(size, count):
    assert verdict(size, 10_000_000, count) == "ok"
    assert verdict(size, 10_000_000, count + 1) == WRONG_COUNT
    assert verdict(size, 10_000_000, count - 1) == WRONG_COUNT


@pytest.mark.parametrize(
    ("size", "chunk_size", "count", "expected"),
    [
        # One chunk that is not the whole video (rule 7).
        (15_000_000, 10_000_000, 1, WRONG_CHUNK),
        (121_000_000, 64_000_000, 1, WRONG_CHUNK),
        # Too small to be cut (rule 3), or cut too small (rule 2).
        (4_900_000, 2_450_000, 2, WRONG_CHUNK),
        (20_000_000, 4_999_999, 4, WRONG_CHUNK),
        (20_000_000, 5_000_000, 4, "ok"),
        # 64 MB in the wider reading, and one byte more (rule 2).
        (256 * MIB, 64 * MIB, 4, "ok"),
        (256 * MIB + 4, 64 * MIB + 1, 4, WRONG_CHUNK),
        # The enlarged last chunk, in the same reading as the others.
        (127_999_999, 64_000_000, 1, WRONG_CHUNK),
        (191_000_000, 64_000_000, 2, "ok"),
        # 1 to 1,000 chunks (rule 5), 4 GB.
        (4 * 2**30 + 1, 10_000_000, 429, WRONG_SIZE),
        (0, 0, 1, WRONG_SIZE),
        (-5, -5, 1, WRONG_SIZE),
        (10_000_000, 10_000_000, 0, WRONG_COUNT),
        (10_000_000, 10_000_000, -1, WRONG_COUNT),
        (4_294_967_296, 4_290_000, 1_001, WRONG_COUNT),
        (10_000_000, 0, 1, WRONG_CHUNK),
        (10_000_000, 20_000_000, 1, WRONG_CHUNK),
    ],
)
def test_the_rules_one_by_one(size, chunk_size, count, expected):
    assert verdict(size, chunk_size, count) == expected


def test_a_plan_must_be_right_in_one_reading_not_half_in_each():
    # 5,000,000 bytes are 5 MB only if MB is 10^6, 67,108,864 only if MB is 2^20.
    assert verdict(5_000_000 * 3, 5_000_000, 3) == "ok"
    assert verdict(64 * MIB, 64 * MIB, 1) == "ok"
    assert verdict(128_500_000, 64_000_000, 2) == "ok"
    assert verdict(64 * MIB * 2 - 1, 64 * MIB, 1) == WRONG_CHUNK


def test_an_init_is_held_to_the_rules(alice):
    post = {"privacy_level": "SELF_ONLY"}
    body = {"post_info": post, "source_info": chunked(15_000_000, 10_000_000, 1)}
    answer = alice.post(VIDEO_INIT, body)
    assert (answer.status, answer.code, answer.message) == (
        400,
        "invalid_param",
        "chunk size is invalid",
    )
