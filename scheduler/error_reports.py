"""Reports of errors to Sentry: where it happened and why, with nothing that opens a door.

A frame's variables hold tokens, TikTok's callback holds a code in its query, and the address of an
upload, or of what TikTok fetches, is a secret by itself.
"""

from typing import Any, cast

import sentry_sdk
from sentry_sdk.types import Breadcrumb, BreadcrumbHint, Event, Hint

from scheduler.logs import without_secrets


def send_to(dsn: str) -> None:
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=_without_query,
        before_breadcrumb=_without_calls,
    )


def _without_query(event: Event, hint: Hint) -> Event:
    request = event.get("request", {})
    for name in ("query_string", "headers"):  # Referer has a query too
        request.pop(name, None)
    return cast(Event, _cleaned(event))


def _cleaned(value: Any) -> Any:
    """`value` with every text in it cleaned of secret addresses."""
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, dict):
        return {name: _cleaned(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(each) for each in value]
    return value


def _without_calls(crumb: Breadcrumb, hint: BreadcrumbHint) -> Breadcrumb | None:
    """What was logged before is told; what was called is not, since its address may be secret."""
    return None if crumb.get("type") == "http" else crumb
