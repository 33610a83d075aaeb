"""Troubles on demand: the next answer that goes wrong, and how.

Each kind says what becomes of the effect and of the answer:

    kind           effect        answer
    code           none          an error of the API (or of OAuth) with its documented status
    status         none          a bare HTTP status
    html_502       none          the HTML page of a gateway
    no_ok          none          HTTP 200, and an error.code that is not ok
    reset_before   none          none: the connection breaks, for an upload after `after_bytes`
    reset_after    happens       none: the connection breaks
    truncated      happens       breaks off after half of its body
    change         happens       as usual, with `change` merged into its JSON (RFC 7396)
    body           as `effect`   HTTP 200, or `status`, and `text` for a body
    padded         happens       as usual, behind `size` blanks
    packed         happens       the same, packed by gzip: small on the line, large at home
    drip           happens       as usual, byte by byte, one each `seconds`
    timeout        as `effect`   none: silence for `seconds`, then the connection breaks
    hold           as `effect`   waits for the release, `seconds` at most, then goes on as usual;
                                 an upload stops being read after `after_bytes`

`pull` is the fetching from an app's own address: `hold` stops it after `after_bytes`, and with
`reset_before` TikTok gives the address up there.
"""

from dataclasses import dataclass, field, fields
from typing import Any

API = (
    "creator_info",
    "video_init",
    "inbox_init",
    "content_init",
    "status",
    "cancel",
    "user_info",
    "video_list",
    "video_query",
)
ENDPOINTS = (*API, "oauth_token", "oauth_revoke", "upload", "pull")
KINDS = (
    "code",
    "status",
    "html_502",
    "no_ok",
    "reset_before",
    "reset_after",
    "truncated",
    "change",
    "body",
    "padded",
    "packed",
    "drip",
    "timeout",
    "hold",
)
# The answer to an upload is a status line alone: nothing to put a code in, nothing to halve.
NOT_FOR_UPLOADS = ("code", "no_ok", "truncated", "change")
FOR_PULLS = ("hold", "reset_before")


class UnknownTrouble(ValueError):
    """A trouble that the sandbox does not know how to make."""


@dataclass(frozen=True, slots=True)
class Trouble:
    endpoint: str  # one of ENDPOINTS, or "any"
    kind: str
    times: int = 1
    skip: int = 0  # let so many matching calls pass first
    creator: str | None = None  # only calls of this handle
    grant_type: str | None = None  # only for oauth_token
    chunk: int | None = None  # 0-based, only for upload; for pull: which photo
    code: str = "internal_error"
    message: str = "The sandbox was asked to answer so."
    status: int | None = None  # HTTP status; None: the documented one, 500 for kind status
    change: dict[str, Any] = field(default_factory=dict)  # only for change
    text: str = ""  # only for body
    size: int = 5_000_000  # blanks, only for padded and packed
    retry_after: int | None = None  # seconds, sent as a header
    after_bytes: int = 0
    seconds: float = 600
    effect: bool = False

    def matches(
        self, endpoint: str, creator: str | None, grant_type: str | None, chunk: int | None
    ) -> bool:
        return (
            self.endpoint in ("any", endpoint)
            and self.creator in (None, creator)
            and self.grant_type in (None, grant_type)
            and self.chunk in (None, chunk)
            and not (endpoint == "upload" and self.kind in NOT_FOR_UPLOADS)
            and not (endpoint == "pull" and self.kind not in FOR_PULLS)
        )


def trouble_from(spec: dict[str, Any]) -> Trouble:
    """Return the trouble that a JSON object describes, or raise UnknownTrouble."""
    types = {each.name: each.type for each in fields(Trouble)}
    for name, value in spec.items():
        if name not in types:
            raise UnknownTrouble(f"a trouble has no {name!r}")
        if not _fits(value, str(types[name])):
            raise UnknownTrouble(f"{name!r} can not be {value!r}")
    if spec.get("endpoint") not in (*ENDPOINTS, "any"):
        raise UnknownTrouble(f"endpoint is one of {', '.join(ENDPOINTS)} or any")
    if spec.get("kind") not in KINDS:
        raise UnknownTrouble(f"kind is one of {', '.join(KINDS)}")
    if spec["endpoint"] == "upload" and spec["kind"] in NOT_FOR_UPLOADS:
        raise UnknownTrouble("an upload has no body to put that into: use kind status")
    if spec["endpoint"] == "pull" and spec["kind"] not in FOR_PULLS:
        raise UnknownTrouble(f"a fetch can only {' or '.join(FOR_PULLS)}")
    return Trouble(**spec)


def _fits(value: Any, declared: str) -> bool:
    if value is None:
        return "None" in declared
    if isinstance(value, bool):
        return "bool" in declared
    if isinstance(value, int):
        return value >= 0 and ("int" in declared or "float" in declared)
    if isinstance(value, float):
        return value >= 0 and "float" in declared
    if isinstance(value, dict) or "dict" in declared:
        return isinstance(value, dict) and "dict" in declared
    return isinstance(value, str) and "str" in declared
