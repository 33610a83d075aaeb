"""A digest computed beside the sending is the digest."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from tiktok.hashing import HasherBeside

BLOCKS = [bytes([number]) * 100_000 for number in range(20)]


@pytest.fixture
def beside():
    with ThreadPoolExecutor(1) as executor:
        yield HasherBeside(hashlib.sha256(), executor)


def test_it_says_the_same_as_one_that_is_waited_for(beside):
    for block in BLOCKS:
        beside.update(block)

    assert beside.hexdigest() == hashlib.sha256(b"".join(BLOCKS)).hexdigest()


def test_a_copy_goes_on_from_where_it_was_taken(beside):
    beside.update(BLOCKS[0])
    before = beside.copy()
    beside.update(BLOCKS[1])

    before.update(BLOCKS[2])

    assert before.hexdigest() == hashlib.sha256(BLOCKS[0] + BLOCKS[2]).hexdigest()
    assert beside.hexdigest() == hashlib.sha256(BLOCKS[0] + BLOCKS[1]).hexdigest()
