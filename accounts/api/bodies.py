"""What may come as a body, and how it is read. Nothing here is asked before who asks is known."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, Protocol

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from accounts.api.refusals import BadRequest, Invalid, WrongType

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Body(Protocol):
    @contextmanager
    def open(self, request: HttpRequest) -> Iterator[None]:
        """Inside it is read, and what came with it exists. Raises a Refusal."""

    def told(self, request: HttpRequest) -> bytes:
        """All that it says, for the comparison with a repeat. Inside `open`."""


class JsonBody:
    @contextmanager
    def open(self, request: HttpRequest) -> Iterator[None]:
        if request.body and request.content_type != "application/json":
            raise WrongType("Send JSON here, with “Content-Type: application/json”.")
        yield

    def told(self, request: HttpRequest) -> bytes:
        return request.body


class FormBody:
    """`names` of fields; of others none may come."""

    def __init__(self, *names: str) -> None:
        self.names = frozenset(names)

    @contextmanager
    def open(self, request: HttpRequest) -> Iterator[None]:
        if request.content_type not in FORMS:
            raise WrongType(f"Send a form here, with “Content-Type: {FORMS[0]}”.")
        refuse_unknown(request.POST, self.names)
        yield

    def told(self, request: HttpRequest) -> bytes:
        return json.dumps(sorted(request.POST.lists())).encode()


JSON = JsonBody()


def refuse_unknown(sent: MultiValueDict[str, Any], known: frozenset[str]) -> None:
    unknown = sorted(set(sent) - known)
    if unknown:
        raise Invalid(fields={name[:100]: ["There is no such field."] for name in unknown})


def refuse_unclear(sent: MultiValueDict[str, Any], *, lists: Collection[str] = ()) -> None:
    """What is no text, and what was sent twice: nobody knows which of the two is meant."""
    for name, values in sent.lists():
        if not all(is_text(value) for value in values if isinstance(value, str)):
            raise Invalid(fields={name[:100]: [NO_TEXT]})
        if len(values) > 1 and name not in lists:
            raise Invalid(fields={name[:100]: ["Send this once."]})


class StrictParser(Parser):
    """JSON as its standard has it, and no text that a database can not hold."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            return read_json(request.body)
        except BadRequest:
            raise
        except (ValueError, RecursionError) as error:
            raise BadRequest(_unread(error), code="bad_json") from error

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        refuse_unclear(data, lists=list_fields)
        found: dict[str, Any] = super().parse_querydict(data, list_fields, request)
        return found


def _unread(error: Exception) -> str:
    sentence = "The body is not JSON that can be read"
    if isinstance(error, json.JSONDecodeError):
        return f"{sentence}: look at line {error.lineno}, column {error.colno}."
    return f"{sentence}."


NO_TEXT = "This holds characters that are no text."


def read_json(body: bytes) -> Any:
    """Raises ValueError, RecursionError and BadRequest."""
    found = json.loads(body.decode(), parse_constant=_no_number, object_pairs_hook=_each_once)
    if not _holds_text(found):
        raise BadRequest(NO_TEXT, code="bad_json")
    return found


def is_text(value: str) -> bool:
    """
    >>> is_text("café"), is_text("a\\0b"), is_text("\\ud800")
    (True, False, False)
    """
    try:
        return b"\0" not in value.encode()
    except UnicodeEncodeError:
        return False


def _holds_text(found: Any) -> bool:
    if isinstance(found, str):
        return is_text(found)
    if isinstance(found, list):
        return all(map(_holds_text, found))
    if isinstance(found, dict):
        return all(is_text(name) and _holds_text(each) for name, each in found.items())
    return True


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values under one name programs disagree which of them counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadRequest("A name stands twice in one object of this JSON.", code="bad_json")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
