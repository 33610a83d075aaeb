"""How accounts are connected. `accounts` knows platforms only through this file.

A platform registers its connector in `AppConfig.ready`; it is loaded when a page asks for it, and
the pages here show what it says.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from accounts.models import Channel


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that a creator may allow us."""

    scope: str  # as the platform calls it
    label: str
    purpose: str  # a sentence: what we need it for


class Connector(Protocol):
    key: str  # as in Channel.platform
    label: str  # for people

    def permissions(self) -> Sequence[Permission]:
        """What is asked for when an account is connected now."""

    def connect_url(self) -> str:
        """Where a POST leads to the platform's consent page."""

    def reconnect_url(self, channel: Channel) -> str:
        """The same, for an account that is known."""

    def disconnect_url(self, channel: Channel) -> str:
        """A page that says what happens, and asks."""

    def pause_url(self, channel: Channel) -> str:
        """Where a POST stops the account's posts."""

    def let_go_on_url(self, channel: Channel) -> str:
        """Where a POST lets a paused account go on."""

    def profile_url(self, channel: Channel) -> str:
        """The account as everybody sees it, or "" when its handle is not known."""

    def usage(self, channels: Sequence[Channel]) -> Mapping[int, str]:
        """By primary key: how much of the platform's own daily limits is used. One query."""


_loaders: dict[str, Callable[[], Connector]] = {}


def register(key: str, load: Callable[[], Connector]) -> None:
    _loaders[key] = cache(load)


def connectors() -> list[Connector]:
    return [load() for load in _loaders.values()]


def connector_of(channel: Channel) -> Connector | None:
    """None for an account of a platform that is not installed any more."""
    load = _loaders.get(channel.platform)
    return load() if load else None
