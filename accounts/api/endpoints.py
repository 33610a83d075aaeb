"""How a path of the API is declared, and what guards each.

    room = Room(tags=["Posts"])

    @room.endpoint("POST", "/posts/", needs=Scope.WRITE, gives={201: PostOut}, errors=(409, 422),
                   summary="Create a post", example=Example(body=A_POST, answer=POST_SHOWN))
    def create_post(request: ApiRequest, body: PostIn) -> Answer: ...

In this order: how often (limits), who (callers), what they may (scopes), whether anybody knows what
they sent (bodies), and whether they have asked it before (idempotency). Then the function runs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial, wraps
from inspect import getdoc
from typing import Any, TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router
from ninja.operation import Operation
from ninja.utils import contribute_operation_callback

from accounts.api import idempotency, limits
from accounts.api.bodies import JSON, Body, refuse_unknown
from accounts.api.callers import WORKSPACE_HEADER, Caller, caller_of
from accounts.api.examples import Example
from accounts.api.problems import references
from accounts.api.refusals import BadRequest, NotAuthenticated, answer_to
from accounts.api.schemas import Problem
from accounts.models import Scope

Run = Callable[..., HttpResponseBase]
View = TypeVar("View", bound=Callable[..., Any])
ALWAYS = (400, 429, 500, 503)  # errors that any address may answer with
SIGNED_IN = (401, 403, 404)  # … that asks who calls: the last for a workspace of others


IN_WORKSPACE = {
    "in": "header",
    "name": WORKSPACE_HEADER,
    "schema": {"type": "integer"},
    "description": "The workspace that this is about; without it: your personal one.",
}
SENT_ONCE = {
    "in": "header",
    "name": idempotency.HEADER,
    "schema": {"type": "string", "minLength": 1, "maxLength": idempotency.LONGEST_KEY},
    "description": "Lets the same request be sent again for a day without happening twice.",
}

ANY_ERROR = 500  # the one that ninja knows of: a model for each error of each address weighs much


class ApiRequest(HttpRequest):
    """What an endpoint gets, once somebody is known to ask."""

    auth: Caller


class Bearer:
    """For the document alone: the guard has asked already."""

    openapi_security_schema = {
        "type": "http",
        "scheme": "bearer",
        "description": "An access token from /token, or an API key from the settings.",
    }

    def __call__(self, request: HttpRequest) -> Caller | None:
        return getattr(request, "auth", None)


@dataclass(frozen=True, slots=True)
class Rules:
    needs: Scope | None
    is_open: bool  # to people whom nobody knows
    body: Body
    remembers: bool  # whether an Idempotency-Key counts: not where the answer is a secret
    limit: limits.Limit | None  # of its own, for each address
    query: frozenset[str] = frozenset()  # names that the address may carry


class Room(Router):
    """The endpoints about one thing."""

    def endpoint(
        self,
        method: str,
        path: str,
        *,
        gives: Mapping[int, Any],
        summary: str,
        needs: Scope | None = None,
        is_open: bool = False,
        errors: Sequence[int] = (),
        body: Body = JSON,
        remembers: bool = True,
        limit: limits.Limit | None = None,
        example: Example | Sequence[Example],
        document: Mapping[str, Any] | None = None,
    ) -> Callable[[View], View]:
        """A test sends each `example` as it stands; `document` is added to what the OpenAPI
        document says of it."""
        examples = [example] if isinstance(example, Example) else example
        rules = Rules(needs, is_open, body, remembers and method == "POST", limit)
        statuses = {*ALWAYS, *errors, *(() if is_open else SIGNED_IN)}
        if rules.remembers:
            statuses |= {409}
        if method in {"POST", "PUT", "PATCH"}:
            statuses |= {413, 415}
        extra = deepcopy(dict(document or {}))
        extra["responses"] = references(statuses - {ANY_ERROR}) | _shown(gives, examples)
        extra["parameters"] = [
            *([] if is_open else [IN_WORKSPACE]),
            *([SENT_ONCE] if rules.remembers else []),
        ]
        for each in examples:
            for kind, shown in each.content.items():
                content = extra.setdefault("requestBody", {}).setdefault("content", {})
                content[kind] = content.get(kind, {}) | shown
        calls = [each.curl(method, path, is_open=is_open) for each in examples]

        def declare(view: View) -> View:
            contribute_operation_callback(view, partial(_guard, rules))
            return self.api_operation(
                [method],
                path,
                auth=None if is_open else Bearer(),
                response={**gives, ANY_ERROR: Problem},
                summary=summary,
                description=_description(view, calls),
                openapi_extra=extra,
                operation_id=view.__name__,
            )(view)

        return declare


def _shown(gives: Mapping[int, Any], examples: Iterable[Example]) -> dict[int, Any]:
    """The answer of the first example, at the status that `gives` names first."""
    status, answer = next(iter(gives)), next(iter(examples)).answer
    if answer is None:
        return {}
    return {status: {"content": {"application/json": {"example": answer}}}}


def _description(view: Callable[..., Any], calls: Iterable[str]) -> str:
    code = "\n\n".join(calls)
    return f"{getdoc(view) or ''}\n\n```sh\n{code}\n```".strip()


def _guard(rules: Rules, operation: Operation) -> None:
    """Called by ninja once it knows the operation."""
    names = [
        set(model.__ninja_flatten_map__)
        for model in operation.models
        if model.__ninja_param_source__ == "query"
    ]
    known = replace(rules, query=frozenset(set().union(*names)))
    decorator = partial(_guarded, known)
    operation.run = decorator(operation.run)  # type: ignore[method-assign]
    operation._run_decorators = [decorator]  # type: ignore[attr-defined]  # for ninja's copies


def _guarded(rules: Rules, run: Run) -> Run:
    @wraps(run)
    def outer(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        try:
            response = _admitted(rules, request, partial(run, request, **arguments))
        except Exception as error:  # noqa: BLE001 - what has no name is raised again
            response = answer_to(error)
        limits.tell(request, cast(Any, response))
        response["Cache-Control"] = "no-store"
        return response

    return outer


def _admitted(
    rules: Rules, request: HttpRequest, answer: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """The answer to who may ask this, in this way. Raises Refusals."""
    request.user = AnonymousUser()  # a session of the browser's means nothing here
    limits.count_address(request)
    if rules.limit:
        limits.count_address(request, rules.limit)
    if rules.is_open:
        return _asked(rules, request, None, answer)
    caller = caller_of(request)
    request.user = caller.user
    cast(ApiRequest, request).auth = caller
    limits.count_user(request, caller.user)
    with caller.acting():
        if rules.needs is not None:
            caller.require(rules.needs)
        return _asked(rules, request, caller, answer)


def _asked(
    rules: Rules,
    request: HttpRequest,
    caller: Caller | None,
    answer: Callable[[], HttpResponseBase],
) -> HttpResponseBase:
    if "Transfer-Encoding" in request.headers:  # Django would take such a body for an empty one
        raise BadRequest(
            "Say in Content-Length how long the body is. It can not be read in chunks.",
            code="length_required",
        )
    refuse_unknown(request.GET, rules.query)
    with rules.body.open(request):
        if not rules.remembers:
            return answer()
        return idempotency.once(request, caller, told=rules.body.told(request), answer=answer)


def caller_in(request: HttpRequest) -> Caller:
    """Who asks, where only those who are known come."""
    caller = getattr(request, "auth", None)
    if caller is None:
        raise NotAuthenticated
    return cast(Caller, caller)
