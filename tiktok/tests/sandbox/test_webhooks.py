"""The sandbox tells the app by itself what happened, signed, until it is heard."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from tiktok.tests.sandbox.caller import USER_INFO, until

SECRET = "sandbox-secret"


class App:
    """What listens at the registered address: keeps what it hears, answers as it is told."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []  # signature and body
        self.answers: list[int] = []  # of the next deliveries; then 200
        self.before_answering: Callable[[], None] = lambda: None
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                app.heard.append((self.headers["TikTok-Signature"], body))
                app.before_answering()
                self.send_response(app.answers.pop(0) if app.answers else 200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/webhooks/tiktok/"

    @property
    def events(self) -> list[tuple[str, dict[str, Any]]]:
        told = [json.loads(body) for _, body in self.heard]
        return [(each["event"], json.loads(each["content"])) for each in told]

    @property
    def names(self) -> list[str]:
        return [event for event, _ in self.events]

    def wait(self, number: int) -> None:
        until(lambda: len(self.heard) >= number)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def app(sandbox) -> Iterator[App]:
    app = App()
    sandbox.change_settings(webhook_url=app.url, webhook_first_pause_seconds=0.01)
    yield app
    app.close()


def test_a_direct_post_is_told_with_a_signature(app, sandbox, alice):
    publish_id = alice.publish()
    app.wait(2)

    [video] = sandbox.videos()
    about = {"publish_id": publish_id, "publish_type": "DIRECT_PUBLISH"}
    assert app.events == [
        ("post.publish.complete", about),
        ("post.publish.publicly_available", about | {"post_id": video["id"]}),
    ]
    signature, body = app.heard[0]
    moment = signature.removeprefix("t=").partition(",")[0]
    expected = hmac.new(SECRET.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    assert signature == f"t={moment},s={expected.hexdigest()}"
    told = json.loads(body)
    assert told["client_key"] == "sandbox-key"
    user = alice.get(USER_INFO, fields="open_id").data["user"]
    assert told["user_openid"] == user["open_id"]


def test_nothing_is_told_before_an_address_is_registered(sandbox, alice):
    alice.publish()
    assert sandbox.webhooks() == []


def test_what_happened_before_the_address_was_registered_stays_untold(sandbox, alice):
    before = alice.publish()
    app = App()
    sandbox.change_settings(webhook_url=app.url)
    after = alice.publish()
    app.wait(2)
    assert {content["publish_id"] for _, content in app.events} == {after}
    assert {each["told_at"] for each in sandbox.webhooks() if before in each["body"]} == {None}
    app.close()


def test_a_failure_is_told_with_its_reason(app, alice):
    publish_id = alice.publish(title="#sandbox:frame_rate_check_failed")
    app.wait(1)
    [(event, content)] = app.events
    assert event == "post.publish.failed"
    assert content["publish_id"] == publish_id
    assert content["reason"] == "frame_rate_check_failed"


def test_a_draft_is_told_when_it_arrives_and_each_time_it_is_posted(app, sandbox, alice):
    publish_id = alice.publish_to_inbox()
    app.wait(1)
    for number in (1, 2):
        sandbox.post_draft(publish_id, privacy="PUBLIC_TO_EVERYONE")
        app.wait(1 + 2 * number)

    seen = "post.publish.publicly_available"
    once = ["post.publish.complete", seen]
    assert app.names == ["post.publish.inbox_delivered", *once, *once]
    assert {content["publish_type"] for _, content in app.events} == {"INBOX_SHARE"}
    ids = [content["post_id"] for event, content in app.events if event == seen]
    assert ids == [video["id"] for video in sandbox.videos()]


def test_a_private_post_is_not_told_to_be_public_until_it_is(app, sandbox, alice):
    alice.publish()
    app.wait(2)
    sandbox.change_creator("alice", private=True)
    app.wait(3)
    sandbox.change_creator("alice", private=False)
    app.wait(4)
    sandbox.change_creator("alice", private=True)
    app.wait(5)
    seen = "post.publish.publicly_available"
    hidden = "post.publish.no_longer_publicaly_available"
    assert app.names == ["post.publish.complete", seen, hidden, seen, hidden]


def test_removed_access_is_told_with_its_reason(app, sandbox, alice):
    sandbox.remove_access("alice")
    sandbox.connect("alice")
    sandbox.remove_access("alice", reason=4)
    app.wait(2)
    removed = "authorization.removed"
    assert app.events == [(removed, {"reason": 1}), (removed, {"reason": 4})]


def test_what_is_not_answered_with_200_is_told_again(app, sandbox, alice):
    app.answers = [503, 401, 302]
    alice.publish(privacy_level="SELF_ONLY")
    app.wait(4)
    assert len({body for _, body in app.heard}) == 1
    [told] = until(lambda: [each for each in sandbox.webhooks() if each["told_at"]])
    assert (told["tries"], told["answer"], told["next_try_at"]) == (4, "200", None)


def test_after_a_while_it_is_given_up(app, sandbox, alice):
    sandbox.change_settings(webhook_give_up_seconds=0)
    app.answers = [500, 500]
    alice.publish(privacy_level="SELF_ONLY")
    app.wait(1)
    until(lambda: [each for each in sandbox.webhooks() if each["tries"]])
    [told] = sandbox.webhooks()
    assert (told["told_at"], told["next_try_at"], told["answer"]) == (None, None, "500")


def test_it_may_come_twice_and_in_a_wrong_order(app, sandbox, alice):
    sandbox.change_settings(webhook_copies=2, webhook_newest_first=True, webhook_delay_seconds=0.5)
    alice.publish()
    app.wait(4)
    seen, done = "post.publish.publicly_available", "post.publish.complete"
    assert app.names == [seen, seen, done, done]


def test_anything_can_be_told_on_demand_and_told_again(app, sandbox, alice):
    number = sandbox.send_webhook("a.new.one", "alice", content={"publish_id": "unknown"})
    app.wait(1)
    sandbox.repeat_webhook(number)
    app.wait(2)
    assert app.events == [("a.new.one", {"publish_id": "unknown"})] * 2
    assert app.heard[0][1] == app.heard[1][1]


def test_what_is_ordered_again_while_it_is_being_told_is_told_again(app, sandbox, alice):
    numbers: list[int] = []

    def order_it_again_once() -> None:
        app.before_answering = lambda: None
        sandbox.repeat_webhook(until(lambda: numbers)[0])

    app.before_answering = order_it_again_once
    numbers.append(sandbox.send_webhook("a.new.one", "alice"))

    app.wait(2)

    assert app.names == ["a.new.one"] * 2


def test_once_the_address_is_taken_back_nothing_is_on_its_way_to_it(app, sandbox, alice):
    happened: list[str] = []

    def take_back() -> None:
        sandbox.change_settings(webhook_url="")
        happened.append("taken back")

    taking_back = threading.Thread(target=take_back)

    def answer_late() -> None:
        taking_back.start()
        taking_back.join(0.3)  # seconds, in which it must not come to its end
        happened.append("answered")

    app.before_answering = answer_late
    sandbox.send_webhook("a.new.one", "alice")
    app.wait(1)
    until(lambda: len(happened) == 2)

    assert happened == ["answered", "taken back"]


def test_what_was_told_is_remembered_over_a_restart(app, sandbox, alice):
    alice.publish(privacy_level="SELF_ONLY")
    until(lambda: [each for each in sandbox.webhooks() if each["told_at"]])
    sandbox.stop()
    sandbox.start()
    sandbox.send_webhook("a.new.one", "alice")
    app.wait(2)
    assert app.names == ["post.publish.complete", "a.new.one"]


def test_the_page_shows_each_event_and_tells_it_again(app, sandbox, alice):
    publish_id = alice.publish(privacy_level="SELF_ONLY")
    until(lambda: [each for each in sandbox.webhooks() if each["told_at"]])
    [told] = sandbox.webhooks()

    shown = requests.get(f"{sandbox.url}/webhooks", timeout=10).text
    assert publish_id in shown
    assert "Told, after 1 try" in shown
    answer = requests.post(f"{sandbox.url}/webhooks/{told['id']}/again", timeout=10)
    app.wait(2)
    assert "It is told once more." in answer.text


def test_the_page_turns_them_on_and_off(app, sandbox, alice):
    page = f"{sandbox.url}/webhooks"
    requests.post(page, data={"url": ""}, timeout=10)
    assert sandbox.state()["settings"]["webhook_url"] == ""
    refused = requests.post(page, data={"url": "javascript:alert(1)"}, timeout=10)
    assert refused.status_code == 400
    requests.post(page, data={"url": app.url}, timeout=10)
    assert sandbox.state()["settings"]["webhook_url"] == app.url


@pytest.mark.parametrize("url", ["nonsense", "ftp://example.com/", "http://", "http://a:b/"])
def test_an_address_that_is_none_is_refused(sandbox, url):
    answer = requests.post(f"{sandbox.url}/sandbox/settings", json={"webhook_url": url}, timeout=10)
    assert answer.status_code == 400
