"""One request from its head to its answer: who answers, what is recorded, what goes wrong."""

from collections.abc import Callable
from urllib.parse import parse_qs

from tiktok.sandbox import api, control, guard, mischief, pages, routes, tokens, uploads
from tiktok.sandbox.messages import Request, Response
from tiktok.sandbox.trouble_queue import Hit
from tiktok.sandbox.world import World

LARGEST_BODY = 1_000_000  # bytes, of anything but an upload


def dispatch(world: World, request: Request, allowed_hosts: frozenset[str]) -> Response:
    """Return the answer. Raises Cut when the connection is to break instead."""
    if request.path == routes.UPLOAD_PATH:
        return uploads.put(world, request) if request.method == "PUT" else _wrong_method("PUT")
    if not request.has_framing:
        return Response(411, b"A body needs one Content-Length.\n")
    if request.stream.left > LARGEST_BODY:
        return Response(413, b"The body is too large.\n")
    request.body = request.stream.rest()
    if request.path in routes.API:
        return _api(world, request, routes.API[request.path])
    if request.path in routes.OAUTH:
        return _oauth(world, request)
    return guard.refuse_foreign(request, allowed_hosts) or _own(world, request)


def _own(world: World, request: Request) -> Response:
    """What TikTok has no API for: the pages, and the sandbox's own door."""
    if request.path.startswith("/sandbox/"):
        return control.answer(world, request)
    found = routes.page_for(request)
    if found is None:
        return pages.missing(world, request)
    handler, parts = found
    return handler(world, request, *parts)


def _wrong_method(right: str) -> Response:
    return Response(405, b"Another method is needed.\n", headers={"Allow": right})


def _api(world: World, request: Request, endpoint: api.Endpoint) -> Response:
    if request.method != endpoint.method:
        return _wrong_method(endpoint.method)
    with world.state.reading() as db:
        creator = tokens.owner(db, request.bearer)
    hit = world.troubles.take(endpoint.name, creator=creator)
    return _watched(
        world,
        request,
        name=endpoint.name,
        creator=creator,
        hit=hit,
        act=lambda: api.answer(world, request, endpoint),
    )


def _oauth(world: World, request: Request) -> Response:
    if request.method != "POST":
        return _wrong_method("POST")
    name, handler = routes.OAUTH[request.path]
    form = parse_qs(request.body.decode("utf-8", "replace"))
    sent = [form.get(field, [""])[0] for field in ("refresh_token", "token", "code")]
    with world.state.reading() as db:
        creator = next(filter(None, (tokens.owner(db, secret) for secret in sent)), None)
    grant_type = form.get("grant_type", [None])[0]
    hit = world.troubles.take(name, creator=creator, grant_type=grant_type)
    return _watched(
        world,
        request,
        name=name,
        creator=creator,
        hit=hit,
        act=lambda: handler(world, request),
    )


def _watched(
    world: World,
    request: Request,
    *,
    name: str,
    creator: str | None,
    hit: Hit | None,
    act: Callable[[], Response],
) -> Response:
    """Let a call act, with its trouble around it, and write both down."""
    record = world.recorder.begin_request(request, name, creator)
    answer: Response | None = None
    try:
        instead = mischief.before(hit, oauth=name.startswith("oauth_")) if hit else None
        response = instead or act()
        world.sleep(world.settings.latency_ms / 1000)
        answer = mischief.after(hit, response) if hit else response
        return answer
    finally:
        trouble = hit.trouble.kind if hit else None
        world.recorder.end_request(record, answer, trouble, world.now())
