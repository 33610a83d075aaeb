"""Make a file name from a stranger fit to be shown. Nothing is ever stored under such a name."""

import unicodedata

NAME_LIMIT = 120  # characters
NAME_IF_NONE = "file"
LONGEST_SUFFIX = 10  # characters, with the dot; what is longer is no suffix

# Invisible signs that turn the direction of writing: with one, "gpj.4pm" looks like "mp4.jpg".
DIRECTION_SIGNS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# Control characters, halves of surrogate pairs, private use: nothing that a person typed.
UNTYPED = {"Cc", "Cs", "Co"}


def clean_name(name: str, *, limit: int = NAME_LIMIT) -> str:
    """Return `name` without folders, control and direction signs, at most `limit` characters.

    Letters of all scripts and emoji stay, and so does the suffix when the name is cut.

    >>> clean_name("../../etc/Sunrise 🌅.mp4")
    'Sunrise 🌅.mp4'
    >>> clean_name("..")
    'file'
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    typed = (" " if sign.isspace() else sign for sign in name if not _is_trick(sign))
    name = " ".join("".join(typed).split()).strip(". ")
    if len(name) > limit:
        stem, dot, suffix = name.rpartition(".")
        ending = dot + suffix if stem and len(suffix) < LONGEST_SUFFIX else ""
        name = name[: limit - len(ending)].rstrip(". ") + ending
    return name or NAME_IF_NONE


def _is_trick(sign: str) -> bool:
    if sign.isspace():
        return False
    return sign in DIRECTION_SIGNS or unicodedata.category(sign) in UNTYPED
