"""What one consent brought: tokens, and whose they are."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from tiktok.answers import UserInfo
from tiktok.tokens import Tokens

_MOMENTS = ("access_expires_at", "refresh_expires_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Never stored but sealed."""

    open_id: str  # opaque; may begin with - or _ (Protocol 2.5)
    scopes: tuple[str, ...]  # granted
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_expires_at: datetime
    display_name: str = ""
    username: str = ""
    avatar_url: str = ""  # signed, dies soon

    @classmethod
    def of(cls, tokens: Tokens, *, scopes: tuple[str, ...], person: UserInfo) -> Self:
        return cls(
            open_id=tokens.open_id,
            scopes=scopes,
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            access_expires_at=tokens.expires_at,
            refresh_expires_at=tokens.refresh_expires_at,
            display_name=person.display_name or "",
            username=person.username or "",
            avatar_url=person.avatar_url or "",
        )

    def __str__(self) -> str:
        """As a person knows the account."""
        handle = f"@{self.username}" if self.username else ""
        if self.display_name and handle:
            return f"{self.display_name} ({handle})"
        return self.display_name or handle or "the account without a name"

    def to_text(self) -> str:
        values = asdict(self)
        return json.dumps(values | {name: values[name].isoformat() for name in _MOMENTS})

    @classmethod
    def from_text(cls, text: str) -> Self:
        values: dict[str, Any] = json.loads(text)
        values |= {name: datetime.fromisoformat(values[name]) for name in _MOMENTS}
        return cls(**values | {"scopes": tuple(values["scopes"])})
