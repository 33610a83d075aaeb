"""What a platform must offer. `posts` knows platforms only through this file.

A platform is a sibling app that registers itself in `AppConfig.ready`. It is loaded when somebody
asks for it: the dispatcher never does, and its process stays small.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, Self

from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from django import forms
    from ninja import Schema

    from accounts.models import Channel
    from posts.leases import Lease
    from posts.media.facts import Facts
    from posts.models import Media, Publication


class About(StrEnum):
    """Where the mending is done."""

    POST = "post"  # its words and choices
    MEDIA = "media"
    ACCOUNT = "account"  # whatever the post
    SET_UP = "set_up"  # of the installation, or of the account at the platform


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and the one thing that mends it."""

    code: str
    message: str
    what_to_do: str = ""
    blocks: bool = True
    about: About = About.POST
    asked: bool = False  # somebody else had to be asked: the store, or the platform

    @classmethod
    def stored(cls, kept: Mapping[str, Any]) -> Self:
        """From what `asdict` made of it."""
        return cls(**{**kept, "about": About(kept["about"])})


@dataclass(frozen=True, slots=True)
class Consent:
    """The sentence under which a person publishes. `text` is what was shown, without its links."""

    text: str
    html: SafeString
    version: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file can not be posted: a stable code, and a sentence with figure and limit."""

    code: str
    message: str


class Flat(Protocol):
    """The platform's choices as programs say them: flat names, plain values."""

    schema: "type[Schema]"  # of what may be chosen; every field can be left out
    related: tuple[str, ...]  # where a publication's choices are stored, to be loaded along

    def of(self, publication: "Publication") -> dict[str, Any]:
        """Every choice of `publication`, also those that nobody has made yet."""

    def as_form(self, chosen: Mapping[str, Any], *, media: "list[Media]") -> dict[str, Any]:
        """What the composer would send for them: the data of `options_form`."""

    def unfit(self, chosen: Mapping[str, Any], *, media: "list[Media]") -> dict[str, str]:
        """What of `chosen` there is not for such media: by its name, a sentence."""

    def name_of(self, field: str) -> str:
        """How programs call a field of `options_form`."""


class Platform(Protocol):
    key: str  # as in Channel.platform
    label: str  # for people
    composer_template: str  # the platform's own part of the composer
    keeps_options: bool  # in a row of its own, to which `Publication.<key>` leads

    @property
    def flat(self) -> Flat:
        """Its choices for programs."""

    def advance(self, publication: "Publication", lease: "Lease") -> None:
        """Take the next step of `publication` by the lease's right, until it has let go.

        Ends with the lease released in any case but LeaseLost and the death of the process.
        """

    def options(self, publication: "Publication") -> dict[str, Any]:
        """The platform's own choices in one canonical form: what is approved, shown and sent."""

    def options_form(
        self,
        data: Any,
        *,
        channel: "Channel",
        media: "list[Media]",
        publication: "Publication | None",
        draft: "Mapping[str, Any] | None" = None,
    ) -> "forms.Form":
        """The platform's part of the composer, with what the account offers now.

        Without `data` it shows the choices of `draft`, or else those stored for `publication`.

        Its fields are named with the platform's key and a hyphen in front. What the composer's
        templates look for on it: `closed_because` (findings: why nothing can be published),
        `closed_now` (findings: why nothing can go out now, though it may be planned),
        `caption_limit` (UTF-16 code units) and `consent_template`. The API looks for `unanswered`:
        the error that came instead of the platform's answer, where asking again may help.
        """

    def save_options(self, publication: "Publication", cleaned: dict[str, Any]) -> None:
        """Store the choices of a valid `options_form`."""

    def keep_choices(self, publication: "Publication", data: Mapping[str, Any]) -> None:
        """Store what a draft's composer holds so far, however incomplete. Asks nobody."""

    def chosen(self, publication: "Publication") -> list[tuple[str, str]]:
        """The choices in words, each with its label: what a person approves."""

    def describe(self, publication: "Publication") -> list[tuple[str, str]]:
        """The same, and what is worth knowing beside it."""

    def ends_as_draft(self, publications: "Sequence[Publication]") -> frozenset[int]:
        """Of these, by id, the ones that a person finishes in the platform's app. One query."""

    def notes(self, publication: "Publication") -> list[tuple[str, str]]:
        """What a person wants to choose in the platform's app, where a draft is finished there."""

    def consent(self, options: dict[str, Any]) -> Consent:
        """The sentence that stands right before the button, for these choices."""

    def preflight(self, publication: "Publication", *, media: "list[Media]") -> list[Finding]:
        """What the platform would refuse, as far as can be told without asking it."""

    def warnings(self, publication: "Publication", *, media: "list[Media]") -> list[Finding]:
        """What may go wrong, and is no reason to stop. Asks nobody either."""

    def ask_ahead(self, publication: "Publication", *, media: "list[Media]") -> list[Finding]:
        """What only the platform can tell; and make ready what the due time will need.

        Takes seconds; never in a transaction. Moves nothing. Raises PlatformAway.
        """

    def media_problems(self, facts: "Facts") -> list[Problem]:
        """Why the platform would refuse such a file."""

    def reconcile(self, publication: "Publication", lease: "Lease | None") -> list[str]:
        """Ask what became of every attempt that is not settled for good, and act on the answers.

        Says in sentences what was found and done. Without a lease nothing is written. Raises
        LeaseLost when somebody else has moved the publication meanwhile.
        """

    def reconcile_earlier(self, publication: "Publication") -> list[str]:
        """The same about every attempt but the newest, of what a worker has in hand: when one of
        these is out, the worker stops before its last block, or people are told.
        """

    def end_access(self, channel: "Channel") -> bool:
        """Give back what the platform allowed us, and forget the keys. False: it did not confirm.

        Never raises for what the platform says.
        """

    def tidy(self) -> None:
        """Clear away what nobody will come back for. Called every few minutes; may be slow."""


_loaders: dict[str, Callable[[], Platform]] = {}


def register(key: str, load: Callable[[], Platform]) -> None:
    _loaders[key] = cache(load)


def platforms() -> list[Platform]:
    return [load() for load in _loaders.values()]


def platform_of(channel: "Channel") -> Platform:
    return _loaders[channel.platform]()


def media_problems(facts: "Facts") -> list[Problem]:
    """What every platform would refuse: with one platform, what that one refuses."""
    refusals = [platform.media_problems(facts) for platform in platforms()]
    return min(refusals, key=len, default=[])
