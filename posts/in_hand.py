"""Which publication the running code is busy with; log lines say it. Imports nothing of ours."""

from contextvars import ContextVar

publication_in_hand: ContextVar[int | None] = ContextVar("publication_in_hand", default=None)
