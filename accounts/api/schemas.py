"""What all schemas of the API share."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from django.utils import timezone
from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from accounts.api.sentences import A_TIME

# The ids of rows: what the database can hold, so that no number of a caller's breaks a query.
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


def in_utc(moment: datetime) -> str:
    """
    >>> in_utc(datetime(2026, 11, 22, 9, 30, tzinfo=UTC))
    '2026-11-22T09:30:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def to_utc(moment: datetime) -> datetime:
    """An offset may be stranger than a database takes."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("This is beyond every calendar") from error


def no_number(sent: Any) -> Any:
    """A bare number would be taken for seconds or milliseconds, by its size."""
    if isinstance(sent, datetime) or re.match(r"\d{4}-\d\d-\d\d", str(sent)):
        return sent
    raise ValueError(A_TIME)


# On the way in the offset must be said; on the way out it is always UTC, with Z.
MomentIn = Annotated[AwareDatetime, BeforeValidator(no_number), AfterValidator(to_utc)]
Moment = Annotated[
    datetime,
    PlainSerializer(in_utc, return_type=str, when_used="always"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]


def some_time_ahead() -> str:
    """For examples: a time that still lies ahead when somebody tries them."""
    ahead = timezone.now() + timedelta(days=30)
    return in_utc(ahead.replace(hour=9, minute=30, second=0, microsecond=0))


class Strict(Schema):
    """What comes in: a field that nobody knows is refused by its name."""

    model_config = ConfigDict(extra="forbid")


class Error(Schema):
    code: str = Field(description="For programs; never changes.", examples=["not_found"])
    message: str = Field(description="For people: what is wrong, and what to do.")
    fields: dict[str, list[str]] = Field(
        description="What is wrong with which field; nested names with dots."
    )
    state: str | None = Field(None, description="With 409: the state that stands in the way.")


class Problem(Schema):
    """The one shape of every error."""

    error: Error
