"""Every way in which the API says no. One shape: {"error": {"code", "message", "fields"}}.

Refusal
├── BadRequest         400  it can not be read
├── NotAuthenticated   401  nobody knows who asks
├── Forbidden          403  the role, or the key, does not reach that far
├── NotFound           404  there is no such thing, or it is somebody else's
├── Conflict           409  not in the state in which it is; `state` says in which
├── TooLarge           413
├── WrongType          415
├── Invalid            422  `fields` says what is wrong where
├── TooOften           429  with Retry-After
└── Away               503  with Retry-After

Any exception may have a meaning here: `means` says which refusal it is.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, TypeVar

import pydantic
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja.errors import HttpError, ValidationError

from accounts.api.sentences import sentence

Fields = Mapping[str, list[str]]
JSON = "application/json; charset=utf-8"
WHOLE = "body"  # where it is no single field


class Refusal(Exception):
    """`code` is for programs and never changes, `message` for people."""

    status: ClassVar[int] = 400
    code = "bad_request"
    for_people = "This request can not be understood."

    def __init__(
        self,
        message: str = "",
        *,
        code: str = "",
        fields: Fields | None = None,
        state: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.code = code or self.code
        self.message = message or self.for_people
        self.fields = dict(fields or {})
        self.state = state
        self.headers = dict(headers or {})
        super().__init__(self.message)

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = {"code": self.code, "message": self.message, "fields": self.fields}
        return found | ({"state": self.state} if self.state else {})

    def answer(self) -> HttpResponse:
        return HttpResponse(
            json.dumps({"error": self.error}, ensure_ascii=False),
            status=self.status,
            content_type=JSON,
            headers=self.headers,
        )


class BadRequest(Refusal):
    pass


class NotAuthenticated(Refusal):
    status = 401
    code = "not_authenticated"
    for_people = (
        "Say who you are: send “Authorization: Bearer” with an access token from /token, or with "
        "an API key from the settings."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers |= {"WWW-Authenticate": "Bearer"}


class Forbidden(Refusal):
    status = 403
    code = "forbidden"
    for_people = "Your role does not let you do this."


class NotFound(Refusal):
    status = 404
    code = "not_found"
    for_people = "There is nothing here, or nothing of yours."


class NotAllowed(Refusal):
    status = 405
    code = "method_not_allowed"
    for_people = "This address does not know that method. The header Allow says which it knows."


class Conflict(Refusal):
    status = 409
    code = "conflict"
    for_people = "This is not possible now."


class TooLarge(Refusal):
    status = 413
    code = "too_large"
    for_people = "This request is too large. Files go to /media/ or /uploads/."


class WrongType(Refusal):
    status = 415
    code = "unsupported_media_type"
    for_people = "The Content-Type of this request is not one that is understood here."


class Invalid(Refusal):
    status = 422
    code = "invalid"
    for_people = "Some of this is not right; see fields."


class TooOften(Refusal):
    status = 429
    code = "too_many_requests"
    for_people = "That was too often. Wait as long as the header Retry-After says, in seconds."

    def __init__(self, *args: Any, seconds: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers |= {"Retry-After": str(seconds)}


class Broken(Refusal):
    status = 500
    code = "internal_error"
    for_people = "Something broke here. It was written down; please tell the operator."


class Away(Refusal):
    status = 503
    code = "unavailable"
    for_people = "This can not be answered just now. Try again in a moment."

    def __init__(self, *args: Any, seconds: int = 5, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers |= {"Retry-After": str(seconds)}


OF_STATUS: dict[int, type[Refusal]] = {
    each.status: each
    for each in (
        BadRequest, NotAuthenticated, Forbidden, NotFound, NotAllowed, Conflict, TooLarge,
        WrongType, Invalid, Broken,
    )
}  # fmt: skip

# What an exception means

_Error = TypeVar("_Error", bound=Exception)
_meanings: dict[type[Exception], Callable[[Any], Refusal]] = {}


def means(
    *kinds: type[_Error],
) -> Callable[[Callable[[_Error], Refusal]], Callable[[_Error], Refusal]]:
    """Decorates what turns exceptions of these kinds into the refusal that they mean."""

    def register(meaning: Callable[[_Error], Refusal]) -> Callable[[_Error], Refusal]:
        _meanings.update(dict.fromkeys(kinds, meaning))
        return meaning

    return register


def refusal_of(error: Exception) -> Refusal | None:
    """None: nobody has a name for it, so that it is a mistake of ours."""
    if isinstance(error, Refusal):
        return error
    known = (_meanings[kind] for kind in type(error).__mro__ if kind in _meanings)
    meaning = next(known, None)
    return meaning(error) if meaning else None


def answer_to(error: Exception) -> HttpResponse:
    """The answer that `error` means; raises it again when it has no meaning here."""
    refusal = refusal_of(error)
    if refusal is None:
        raise error
    return refusal.answer()


@means(PermissionDenied)
def _denied(error: PermissionDenied) -> Refusal:
    return Forbidden(str(error))


@means(Http404)
def _not_found(error: Http404) -> Refusal:
    return NotFound()


@means(RequestDataTooBig)
def _too_big(error: RequestDataTooBig) -> Refusal:
    return TooLarge()


@means(SuspiciousOperation, MultiPartParserError, UnreadablePostError)
def _unreadable(error: Exception) -> Refusal:
    return BadRequest("The body of this request can not be read to its end.")


@means(HttpError)
def _of_ninja(error: HttpError) -> Refusal:
    if isinstance(error.__cause__, Exception) and (cause := refusal_of(error.__cause__)):
        return cause
    return OF_STATUS.get(error.status_code, BadRequest)(error.message)


@means(ValidationError)
def _invalid(error: ValidationError) -> Refusal:
    """What pydantic found, under the names that the caller knows. An address that can not be one of
    ours leads nowhere."""
    if any(found["loc"][0] == "path" for found in error.errors):
        return NotFound()
    fields: dict[str, list[str]] = {}
    for found in error.errors:
        source, *place = found["loc"]
        if source == "body" and place:
            place = place[1:]  # the name of our own argument
        fields.setdefault(_name(place) or WHOLE, []).append(sentence(found))
    return Invalid(fields=fields)


def fields_of(error: pydantic.ValidationError, *, prefix: str = "") -> dict[str, list[str]]:
    """The same, of what was judged apart; `prefix` is where it stands in the request.

    It has no meaning of its own: what we send is judged, too, and a fault there is ours.
    """
    fields: dict[str, list[str]] = {}
    for found in error.errors(include_url=False):
        name = f"{prefix}{_name(found['loc'])}".rstrip(".") or WHOLE
        fields.setdefault(name, []).append(sentence(found))
    return fields


def _name(place: Iterable[Any]) -> str:
    return ".".join(str(part) for part in place)
