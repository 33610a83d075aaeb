"""Pages of long lists, and where the next page begins."""

import base64
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from accounts.api.refusals import Invalid

Row = TypeVar("Row", bound=Model)


def page(
    rows: QuerySet[Row], *, by: str, cursor: str | None, limit: int, newest_first: bool = True
) -> tuple[list[Row], str | None]:
    """The rows of one page in the order of the time `by`, and the cursor of the next.

    What is made or goes meanwhile moves nothing to another page.
    """
    if cursor is not None:
        at, key = _opened(cursor, rows.model)
        side = "lt" if newest_first else "gt"
        beyond = Q(**{f"{by}__{side}": at}) | Q(**{by: at, f"pk__{side}": key})
        rows = rows.filter(beyond)
    sign = "-" if newest_first else ""
    found = list(rows.order_by(f"{sign}{by}", f"{sign}pk")[: limit + 1])
    more = len(found) > limit
    return found[:limit], _closed(found[limit - 1], by) if more else None


def _closed(row: Model, by: str) -> str:
    text = f"{getattr(row, by).isoformat()} {row.pk}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _opened(cursor: str, model: type[Model]) -> tuple[datetime, Any]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, _, key = text.partition(" ")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is not None and len(key) <= 36:
            return moment, model._meta.pk.to_python(key)
    except (ValueError, ValidationError):
        pass
    raise Invalid(fields={"cursor": ["Send it just as “next_cursor” gave it, or not at all."]})
