"""What can be turned while the sandbox runs. The defaults are TikTok's own figures."""

import json
import sqlite3
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

ALL_SCOPES = (
    "user.info.basic",
    "user.info.profile",
    "user.info.stats",
    "video.list",
    "video.upload",
    "video.publish",
)


class UnknownSetting(ValueError):
    """A setting that does not exist, or a value that it can not have."""


@dataclass(frozen=True, slots=True)
class Settings:
    # The registered app (Protocol 1.1, 2.1, 14).
    client_key: str = "sandbox-key"
    client_secret: str = "sandbox-secret"  # noqa: S105 (everybody may know it)
    app_name: str = "Social Media Scheduler"
    app_scopes: tuple[str, ...] = ALL_SCOPES  # approved for the app
    redirect_uris: tuple[str, ...] = ()  # registered ones; empty: any that keeps the rules
    audited: bool = True
    unaudited_sees_all_options: bool = False  # both are reported (Protocol 16, 22)

    # Lifetimes in seconds (Protocol 2.4, 2.5, 5.3).
    code_seconds: float = 60
    access_token_seconds: int = 7_200
    refresh_token_seconds: int = 15_552_000
    rotation_restarts_refresh: bool = True  # not documented (Protocol 2.6)
    upload_url_seconds: float = 3_600

    # What happens after the last byte.
    processing_seconds: float = 2
    moderation_seconds: float = 1
    withhold_public_ids: bool = False  # the list often stays empty (Protocol 10)
    require_readable_media: bool = False  # refuse an MP4 or WebM whose figures can not be read

    # Fetching from the app's own addresses (Protocol 8.7).
    url_properties: tuple[str, ...] = ("localhost", "127.0.0.1")  # verified domains and prefixes
    pull_before_answering: bool = False  # the init answers only after everything was fetched
    pull_delay_seconds: float = 0  # before the first request
    pull_seconds: float = 3_600  # all must have been fetched by then
    pull_timeout_seconds: float = 30  # silence after which an address is given up
    pull_times: int = 1  # each address is fetched so often
    pull_asks_first: bool = True  # a HEAD before the GET
    pull_range_bytes: int | None = None  # ask for ranges of this length; None: for the whole
    pull_bytes_per_second: int | None = None

    # Caps over a rolling day (Protocol 5.5, 6, 14).
    direct_post_cap: int = 15
    draft_cap: int = 5
    active_creator_cap: int | None = None  # None: no cap, or 5 while the app is unaudited
    cap_window_seconds: float = 86_400

    # Calls per token in a sliding window (Protocol 1).
    init_per_window: int = 6
    creator_info_per_window: int = 20
    status_per_window: int = 30
    cancel_per_window: int = 30  # "a limit exists", figure not given
    display_per_window: int = 600
    rate_window_seconds: float = 60

    # Answers that clients have met.
    invalid_grant_with_200: bool = False  # Protocol 2.8
    plural_invalid_params: bool = False  # posting calls say invalid_params (Protocol 3)

    # What the app is told by itself (Protocol 11).
    webhook_url: str = ""  # where; empty: nothing is told
    webhook_delay_seconds: float = 0
    webhook_first_pause_seconds: float = 1  # before a second try; doubled for each next one
    webhook_give_up_seconds: float = 259_200
    webhook_copies: int = 1  # "at least once"
    webhook_newest_first: bool = False  # order is not promised
    webhook_keeps_moment: bool = False  # a repeat carries the old `t` (Protocol 16, 17)

    # The line between us and the client.
    latency_ms: float = 0  # before every answer of the API
    upload_bytes_per_second: int | None = None  # per PUT; None: as fast as it goes
    read_timeout_seconds: float = 120  # silence after which a connection is closed
    clock_offset_seconds: float = 0  # the sandbox's clock runs this far ahead

    def changed(self, changes: dict[str, Any]) -> Self:
        """Return these settings with `changes`, or raise UnknownSetting and change nothing."""
        checked = {name: _checked(name, value) for name, value in changes.items()}
        return replace(self, **checked)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


_DEFAULTS = Settings()
_OPTIONAL = {
    "active_creator_cap",
    "upload_bytes_per_second",
    "pull_range_bytes",
    "pull_bytes_per_second",
}
_MAY_BE_EMPTY = {"webhook_url"}
_MAY_BE_NEGATIVE = {"clock_offset_seconds"}


def _checked(name: str, value: Any) -> Any:
    if name not in {field.name for field in fields(Settings)}:
        raise UnknownSetting(f"there is no setting {name!r}")
    default = getattr(_DEFAULTS, name)
    if name in _OPTIONAL and value is None:
        return None
    if isinstance(default, tuple):
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return tuple(value)
    elif isinstance(default, bool):
        if isinstance(value, bool):
            return value
    elif isinstance(default, str):
        if isinstance(value, str) and (value or name in _MAY_BE_EMPTY):
            return value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        whole = name in _OPTIONAL or (isinstance(default, int) and not _is_time(name))
        fits = isinstance(value, int) or not whole
        if fits and (value >= 0 or name in _MAY_BE_NEGATIVE):
            return value
    raise UnknownSetting(f"setting {name!r} can not be {value!r}")


def _is_time(name: str) -> bool:
    """Delays may be fractions of a second; what TikTok sends as an integer may not."""
    return name.endswith(("_seconds", "_ms")) and "token" not in name


def load(db: sqlite3.Connection) -> Settings:
    """Return the stored settings; a name that an older version knew is passed over."""
    known = {field.name for field in fields(Settings)}
    rows = db.execute("SELECT name, value FROM settings")
    stored = {row["name"]: json.loads(row["value"]) for row in rows if row["name"] in known}
    return Settings().changed(stored)


def save(db: sqlite3.Connection, changes: dict[str, Any]) -> None:
    db.executemany(
        "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)",
        [(name, json.dumps(value)) for name, value in changes.items()],
    )
