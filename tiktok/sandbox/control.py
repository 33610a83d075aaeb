"""The sandbox's own door, for tests and demos: JSON under /sandbox/. TikTok has nothing like it."""

import json
import re
from collections.abc import Callable

from tiktok.sandbox import control_orders, control_reports
from tiktok.sandbox.authorization import BadAuthorization
from tiktok.sandbox.control_orders import BadOrder, Json
from tiktok.sandbox.creators import BadCreator
from tiktok.sandbox.drafts import BadDraft
from tiktok.sandbox.messages import Request, Response, json_response
from tiktok.sandbox.settings import UnknownSetting
from tiktok.sandbox.troubles import UnknownTrouble
from tiktok.sandbox.world import World


def answer(world: World, request: Request) -> Response:
    """Do what is asked: 200 with JSON, or 400/404 with {"error": sentence}."""
    for method, pattern, act in ORDERS:
        match = re.fullmatch(pattern, request.path)
        if match and method == request.method:
            try:
                return json_response(200, act(world, _body(request), *match.groups()))
            except KeyError as missing:
                return json_response(404, {"error": f"there is no {missing}"})
            except (
                BadOrder,
                BadCreator,
                BadDraft,
                BadAuthorization,
                UnknownSetting,
                UnknownTrouble,
            ) as error:
                return json_response(400, {"error": str(error)})
    return json_response(404, {"error": f"there is no {request.method} {request.path}"})


def _body(request: Request) -> Json:
    """The JSON of a POST; for a GET, its query."""
    if request.method == "GET":
        return {name: values[0] for name, values in request.query.items()}
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        raise BadOrder("the body is not JSON") from None
    if not isinstance(body, dict):
        raise BadOrder("the body is not an object")
    return body


ORDERS: tuple[tuple[str, str, Callable[..., Json]], ...] = (
    ("GET", "/sandbox/state", control_reports.state),
    ("GET", "/sandbox/requests", control_reports.requests),
    ("GET", "/sandbox/uploads", control_reports.uploads),
    ("GET", "/sandbox/pulls", control_reports.fetches),
    ("GET", "/sandbox/videos", control_reports.live_videos),
    ("GET", "/sandbox/troubles", control_orders.troubles),
    ("GET", "/sandbox/troubles/([0-9]+)", control_orders.one_trouble),
    ("POST", "/sandbox/settings", control_orders.change_settings),
    ("POST", "/sandbox/creators", control_orders.make_creator),
    ("POST", "/sandbox/creators/([^/]+)", control_orders.change_creator),
    ("POST", "/sandbox/creators/([^/]+)/remove-access", control_orders.remove_access),
    ("POST", "/sandbox/authorize", control_orders.authorize),
    ("POST", "/sandbox/connect", control_orders.connect),
    ("POST", "/sandbox/drafts/([^/]+)/post", control_orders.post_draft),
    ("POST", "/sandbox/drafts/([^/]+)/drop", control_orders.drop_draft),
    ("GET", "/sandbox/webhooks", control_reports.webhooks),
    ("POST", "/sandbox/webhooks", control_orders.send_webhook),
    ("POST", "/sandbox/webhooks/([0-9]+)/again", control_orders.repeat_webhook),
    ("POST", "/sandbox/troubles", control_orders.add_trouble),
    ("POST", "/sandbox/troubles/clear", control_orders.clear_troubles),
    ("POST", "/sandbox/troubles/([0-9]+)/wait", control_orders.wait_for_trouble),
    ("POST", "/sandbox/troubles/([0-9]+)/release", control_orders.release_trouble),
    ("POST", "/sandbox/reset", control_orders.reset),
)
