"""Time zones as people name them: by a place."""

import zoneinfo
from collections.abc import Iterator
from functools import cache

# Older names of what stands under a continent as well.
OLD = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")


@cache
def placed() -> tuple[str, ...]:
    """The zones that have a place in their name."""
    known = zoneinfo.available_timezones()
    return tuple(sorted(name for name in known if "/" in name and not name.startswith(OLD)))


def offered() -> Iterator[tuple[str, str]]:
    """Each zone with what people call it."""
    yield "UTC", "UTC"
    for name in placed():
        yield name, place(name)


def place(name: str) -> str:
    """
    >>> place("America/Argentina/Buenos_Aires")
    'Buenos Aires, Argentina'
    """
    return ", ".join(reversed(name.replace("_", " ").split("/")[1:]))


def find(words: str) -> str | None:
    """The zone that somebody means, who may name the place alone.

    >>> find("europe/berlin"), find("new york"), find("Buenos Aires, Argentina"), find("Mars")
    ('Europe/Berlin', 'America/New_York', 'America/Argentina/Buenos_Aires', None)
    """
    wanted = words.strip().casefold().replace("_", " ")
    for name in sorted(zoneinfo.available_timezones()):
        if wanted == name.casefold().replace("_", " "):
            return name
    for name in placed():
        named = place(name).casefold()
        if wanted in (named, named.partition(",")[0]):
            return name
    return None
