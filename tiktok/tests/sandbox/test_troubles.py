"""Answers that go wrong on demand."""

import pytest
import requests

from tiktok.sandbox.troubles import KINDS, UnknownTrouble
from tiktok.tests.sandbox.caller import (
    CREATOR_INFO,
    FILM,
    VIDEO_INIT,
    begin_put,
    chunked,
    put,
    sha256,
    until,
)

INIT = {
    "post_info": {"privacy_level": "SELF_ONLY"},
    "source_info": chunked(len(FILM), len(FILM), 1),
}


def refused(call):
    """The connection broke instead of answering."""
    with pytest.raises(requests.ConnectionError):
        call()


def test_a_code_comes_with_its_documented_status_so_often(sandbox, alice):
    sandbox.add_trouble("creator_info", "code", code="rate_limit_exceeded", times=2)
    answers = [alice.post(CREATOR_INFO) for _ in range(3)]
    assert [answer.status for answer in answers] == [429, 429, 200]
    assert [answer.code for answer in answers] == [
        "rate_limit_exceeded",
        "rate_limit_exceeded",
        "ok",
    ]
    assert [call["trouble"] for call in sandbox.requests()] == ["code", "code", None]


def test_a_code_of_tomorrow_and_a_pause(sandbox, alice):
    sandbox.add_trouble("video_init", "code", code="new_code", status=451, retry_after=7)
    answer = alice.session.post(f"{alice.url}/v2/post/publish/video/init/", json={}, timeout=10)
    assert (answer.status_code, answer.json()["error"]["code"]) == (451, "new_code")
    assert answer.headers["Retry-After"] == "7"


def test_a_200_that_is_not_ok(sandbox, alice):
    sandbox.add_trouble("video_init", "no_ok", code="internal_error")
    answer = alice.init()
    assert (answer.status, answer.code) == (200, "internal_error")
    assert sandbox.publications() == []


def test_a_gateway_answers_instead(sandbox, alice):
    sandbox.add_trouble("video_init", "html_502")
    sandbox.add_trouble("video_init", "status", status=503)
    for status in (502, 503):
        answer = alice.session.post(f"{alice.url}/v2/post/publish/video/init/", json={}, timeout=10)
        assert answer.status_code == status
        assert not answer.headers["Content-Type"].startswith("application/json")
    assert sandbox.publications() == []


def test_a_reset_before_the_effect(sandbox, alice):
    sandbox.add_trouble("video_init", "reset_before")
    refused(alice.init)
    assert sandbox.publications() == []
    [call] = sandbox.requests("video_init")
    assert (call["trouble"], call["status"]) == ("reset_before", None)


def test_a_reset_after_the_effect_loses_only_the_answer(sandbox, alice):
    sandbox.add_trouble("video_init", "reset_after")
    refused(alice.init)
    assert len(sandbox.publications()) == 1


def test_an_answer_that_breaks_off(sandbox, alice):
    sandbox.add_trouble("video_init", "truncated")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        alice.init()
    assert len(sandbox.publications()) == 1


def test_an_answer_with_other_values(sandbox, alice):
    change = {"data": {"upload_url": None, "publish_id": 7}, "error": {"log_id": ["a", "\0"]}}
    sandbox.add_trouble("video_init", "change", change=change)
    answer = alice.session.post(f"{alice.url}{VIDEO_INIT}", json=INIT, timeout=10).json()
    assert answer["data"] == {"publish_id": 7}
    assert answer["error"] == {"code": "ok", "message": "", "log_id": ["a", "\0"]}
    assert len(sandbox.publications()) == 1


@pytest.mark.parametrize(("effect", "made"), [(False, 0), (True, 1)])
def test_another_answer_altogether(sandbox, alice, effect, made):
    sandbox.add_trouble("video_init", "body", text="[]", status=203, effect=effect)
    answer = alice.session.post(f"{alice.url}{VIDEO_INIT}", json=INIT, timeout=10)
    assert (answer.status_code, answer.json()) == (203, [])
    assert len(sandbox.publications()) == made


@pytest.mark.parametrize("kind", ["padded", "packed"])
def test_an_answer_as_large_as_you_like(sandbox, alice, kind):
    sandbox.add_trouble("video_init", kind, size=3_000_000)
    answer = alice.session.post(f"{alice.url}{VIDEO_INIT}", json=INIT, timeout=10)
    assert len(answer.content) > 3_000_000
    assert answer.json()["data"]["publish_id"]
    assert int(answer.headers["Content-Length"]) > 3_000_000 or kind == "packed"


def test_an_answer_in_drops(sandbox, alice):
    sandbox.add_trouble("video_init", "drip", seconds=0.002)
    answer = alice.session.post(f"{alice.url}{VIDEO_INIT}", json=INIT, timeout=10)
    assert answer.json()["data"]["publish_id"]
    assert answer.elapsed.total_seconds() > 0.1
    assert alice.init().code == "ok"


@pytest.mark.parametrize(("effect", "made"), [(False, 0), (True, 1)])
def test_silence(sandbox, alice, effect, made):
    sandbox.add_trouble("video_init", "timeout", seconds=0.1, effect=effect)
    refused(alice.init)
    assert len(sandbox.publications()) == made


def test_a_trouble_can_wait_for_one_creator_and_let_calls_pass_first(sandbox, alice, connect):
    bob = connect("bob")
    sandbox.add_trouble("creator_info", "code", creator="bob", skip=1)
    codes = [caller.post(CREATOR_INFO).code for caller in (alice, bob, alice, bob, bob)]
    assert codes == ["ok", "ok", "ok", "internal_error", "ok"]


def test_a_refresh_can_lose_its_answer(sandbox, alice):
    tokens = sandbox.connect("alice")
    sandbox.add_trouble("oauth_token", "reset_after", grant_type="refresh_token", creator="alice")
    form = {
        "client_key": "sandbox-key",
        "client_secret": "sandbox-secret",
        "grant_type": "refresh_token",
        "refresh_token": tokens["refresh_token"],
    }
    address = f"{sandbox.url}/v2/oauth/token/"
    refused(lambda: requests.post(address, data=form, timeout=10))
    again = requests.post(address, data=form, timeout=10).json()
    assert again["error"] == "invalid_grant"  # the rotation did happen


def test_oauth_has_flat_errors(sandbox):
    sandbox.add_trouble("oauth_token", "code", code="server_error")
    answer = requests.post(f"{sandbox.url}/v2/oauth/token/", data={}, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (500, "server_error")


class TestUploads:
    CHUNK = 5_000_000
    BIG = FILM + bytes(10_000_000 - len(FILM))

    @pytest.fixture
    def target(self, alice):
        """The address of a video in two chunks."""
        post = {"privacy_level": "SELF_ONLY"}
        source = chunked(len(self.BIG), self.CHUNK, 2)
        data = alice.post(VIDEO_INIT, {"post_info": post, "source_info": source}).data
        return data["upload_url"]

    def send(self, target, index):
        first = index * self.CHUNK
        return put(target, self.BIG[first : first + self.CHUNK], first, len(self.BIG))

    def test_one_chunk_of_all_meets_a_status(self, sandbox, target):
        sandbox.add_trouble("upload", "status", chunk=1, status=503)
        statuses = [self.send(target, index).status_code for index in (0, 1, 1)]
        assert statuses == [206, 503, 201]
        [video] = sandbox.videos()
        assert video["sha256"] == sha256(self.BIG)

    def test_a_connection_breaks_after_some_bytes(self, sandbox, target):
        sandbox.add_trouble("upload", "reset_before", chunk=0, after_bytes=1_000_000)
        refused(lambda: self.send(target, 0))
        [upload] = sandbox.uploads()
        assert upload["received"] == 0
        [cut] = upload["puts"]
        assert (cut["trouble"], cut["status"], cut["bytes_received"]) == (
            "reset_before",
            None,
            1_000_000,
        )
        assert self.send(target, 0).status_code == 206

    @pytest.mark.parametrize("kind", ["reset_after", "timeout"])
    def test_the_answer_to_the_last_chunk_is_lost(self, sandbox, target, kind):
        sandbox.add_trouble("upload", kind, chunk=1, seconds=0.1, effect=True)
        self.send(target, 0)
        refused(lambda: self.send(target, 1))
        assert [video["sha256"] for video in sandbox.videos()] == [sha256(self.BIG)]

    def test_a_chunk_is_held_in_the_middle_until_it_is_let_go(self, sandbox, target, in_thread):
        self.send(target, 0)
        trouble = sandbox.add_trouble("upload", "hold", chunk=1, after_bytes=2_000_000)

        sending = in_thread(lambda: self.send(target, 1).status_code)

        assert sandbox.wait_for_trouble(trouble)
        [_, held] = sandbox.uploads()[0]["puts"]
        assert (held["running"], held["bytes_received"]) == (True, 2_000_000)
        assert sandbox.uploads()[0]["received"] == self.CHUNK
        [entry] = sandbox.state()["troubles"]
        assert (entry["holding"], entry["times_left"], entry["hits"]) == (1, 0, 1)
        sandbox.release_trouble(trouble)
        assert sending() == 201

    def test_a_held_chunk_is_lost_when_its_sender_dies(self, sandbox, target):
        trouble = sandbox.add_trouble("upload", "hold", after_bytes=1_000)
        begin_put(target, self.BIG[:2_000], 0, len(self.BIG), declared=self.CHUNK).close()
        assert sandbox.wait_for_trouble(trouble)
        sandbox.release_trouble(trouble)
        until(lambda: not sandbox.uploads()[0]["puts"][0]["running"])
        [upload] = sandbox.uploads()
        [lost] = upload["puts"]
        assert (lost["status"], lost["bytes_received"], upload["received"]) == (None, 2_000, 0)


def test_a_call_is_held_before_or_after_its_effect(sandbox, alice, in_thread):
    for effect, made in ((False, 0), (True, 2)):
        trouble = sandbox.add_trouble("video_init", "hold", effect=effect)
        answer = in_thread(alice.init)
        assert sandbox.wait_for_trouble(trouble)
        assert len(sandbox.publications()) == made
        sandbox.release_trouble(trouble)
        assert answer().code == "ok"
    assert not sandbox.wait_for_trouble(trouble, hits=2, seconds=0.05)


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "nowhere"},
        {"kind": "nothing"},
        {"times": -1},
        {"times": "1"},
        {"effect": 1},
        {"surprise": True},
        {"change": "data"},
        {"text": {"a": 1}},
        {"endpoint": "upload", "kind": "truncated"},
    ],
)
def test_a_trouble_that_can_not_be_is_refused(sandbox, wrong):
    spec = {"endpoint": "status", "kind": "code"} | wrong
    with pytest.raises(UnknownTrouble):
        sandbox.add_trouble(**spec)
    assert sandbox.state()["troubles"] == []


def test_every_kind_can_be_queued_and_forgotten(sandbox):
    for kind in KINDS:
        sandbox.add_trouble("any", kind)
    assert [entry["kind"] for entry in sandbox.state()["troubles"]] == list(KINDS)
    sandbox.clear_troubles()
    assert sandbox.state()["troubles"] == []
