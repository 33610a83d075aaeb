"""A name is for showing; nothing in it may fool a person or a file system."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.media import names
from posts.media.names import NAME_LIMIT, clean_name


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Sunrise.mp4", "Sunrise.mp4"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\alice\\Sunrise.mp4", "Sunrise.mp4"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("sun\r\nSet-Cookie: rise.mp4", "sun Set-Cookie: rise.mp4"),
        ("sun\x00rise\x1b[31m.mp4", "sunrise[31m.mp4"),
        ("sun\u202egpj.4pm", "sungpj.4pm"),
        ("\u2066sun\u2069rise.mp4", "sunrise.mp4"),
        ("sun\ud800rise.mp4", "sunrise.mp4"),
        ("  sun \t rise .mp4", "sun rise .mp4"),
        ("Cafe\u0301.mp4", "Caf\u00e9.mp4"),
        ("شروق الشمس.mp4", "شروق الشمس.mp4"),
        ("👨‍👩‍👧 at the sea.mp4", "👨‍👩‍👧 at the sea.mp4"),
        ("a" * 500 + ".mp4", "a" * (NAME_LIMIT - 4) + ".mp4"),
        ("a" * 500, "a" * NAME_LIMIT),
        ("." + "a" * 500, "a" * NAME_LIMIT),
    ],
)
def test_a_name_is_cleaned(name, cleaned):
    assert clean_name(name) == cleaned


@given(st.text(st.characters(), max_size=400))
def test_whatever_the_name_is_it_can_be_shown(name):
    cleaned = clean_name(name)

    assert 1 <= len(cleaned) <= NAME_LIMIT
    assert cleaned not in {".", ".."}
    assert "/" not in cleaned
    assert "\\" not in cleaned
    assert not set(cleaned) & names.DIRECTION_SIGNS
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert all(sign.isprintable() or not sign.isspace() for sign in cleaned)
    assert clean_name(cleaned) == cleaned


def test_the_examples_are_true():
    assert doctest.testmod(names).failed == 0
