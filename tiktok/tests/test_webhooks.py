"""Is it TikTok that speaks, and what does it say? Without a database or a socket."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from tiktok import webhooks

SECRET = "demo_secret"
SIGNED_AT = 1790000005
BODY = (
    rb'{"client_key":"demo_key","event":"post.publish.complete","create_time":1790000000,'
    rb'"user_openid":"-000demo","content":"{\"publish_id\":\"v_pub_file~v2-1.1\",'
    rb'\"publish_type\":\"DIRECT_PUBLISH\"}"}'
)
DIGEST = "616e9183e1d3ef9d2ab997b2c996565d0b73ae1735265f90065f902bb8f4d049"
HEADER = f"t={SIGNED_AT},s={DIGEST}"


def verify(body=BODY, signature=HEADER, *, now=float(SIGNED_AT), window=300.0):
    webhooks.verify(body, signature, secret=SECRET, window=window, now=now)


def signed(body: bytes, moment: str = str(SIGNED_AT)) -> str:
    digest = hmac.new(SECRET.encode(), moment.encode() + b"." + body, hashlib.sha256)
    return f"t={moment},s={digest.hexdigest()}"


def envelope(**changes) -> bytes:
    content = changes.pop("content", '{"publish_id": "v_pub_url~1"}')
    told = {"client_key": "demo_key", "event": "post.publish.complete", "create_time": 1790000000}
    return json.dumps(told | {"user_openid": "-000demo", "content": content} | changes).encode()


def read(**changes) -> webhooks.Webhook:
    return webhooks.read(envelope(**changes), client_key="demo_key")


def test_the_vector_of_the_protocol_is_believed():
    assert len(BODY) == 194
    verify()


def test_one_space_more_is_not_believed():
    with pytest.raises(webhooks.NotSigned):
        verify(BODY.replace(b":", b": ", 1))


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "nonsense",
        f"s={DIGEST}",
        f"t={SIGNED_AT}",
        f"t={SIGNED_AT},s=",
        f"t={SIGNED_AT},s={DIGEST[:-1]}0",
        f"t={SIGNED_AT},s={DIGEST[:-1]}",
        f"t={SIGNED_AT + 1},s={DIGEST}",  # another moment was signed
        f"t={SIGNED_AT},s={DIGEST},s={DIGEST}",
        f"t={SIGNED_AT},t={SIGNED_AT},s={DIGEST}",
        f"t=0x{SIGNED_AT:x},s={DIGEST}",
        f"t=١٧٩٠٠٠٠٠٠٥,s={DIGEST}",
        f"t={'9' * 5000},s={DIGEST}",
        f"t={SIGNED_AT},s={'é' * 64}",
        f"t={SIGNED_AT};s={DIGEST}",
    ],
)
def test_a_signature_that_is_not_one_is_refused(signature):
    with pytest.raises(webhooks.NotSigned):
        verify(signature=signature)


def test_blanks_and_further_parts_of_the_header_do_no_harm():
    verify(signature=f" t = {SIGNED_AT} , s = {DIGEST} , v=2")


def test_the_moment_is_signed_as_it_was_written():
    verify(signature=signed(BODY, f"00{SIGNED_AT}"))


@pytest.mark.parametrize("seconds", [-301, 301])
def test_what_was_signed_too_long_ago_is_refused_for_that(seconds):
    with pytest.raises(webhooks.TooOld):
        verify(now=SIGNED_AT + seconds)


@pytest.mark.parametrize("seconds", [-300, 300])
def test_the_window_is_open_on_both_sides(seconds):
    verify(now=SIGNED_AT + seconds)


def test_the_window_can_be_wider():
    verify(now=SIGNED_AT + 86_400, window=259_200)


def test_the_content_is_parsed_twice():
    assert webhooks.read(BODY, client_key="demo_key") == webhooks.Webhook(
        event="post.publish.complete",
        happened_at=datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC),
        open_id="-000demo",
        content={"publish_id": "v_pub_file~v2-1.1", "publish_type": "DIRECT_PUBLISH"},
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"publish_id": "p"}, {"publish_id": "p"}),
        ('{"post_id": 7301234567890123456}', {"post_id": "7301234567890123456"}),
        ('{"post_id": "7301234567890123456"}', {"post_id": "7301234567890123456"}),
        ('{"reason": 1}', {"reason": "1"}),
        ('{"fail_reason": "internal"}', {"reason": "internal"}),
        ('{"reason": "spam_risk", "fail_reason": "internal"}', {"reason": "spam_risk"}),
        ('{"publish_id": ["p"], "post_id": true, "reason": null}', {}),
        ('{"publish_id": "p\\u0000"}', {}),
        ('{"publish_id": "p\\ud800"}', {}),
        ({"publish_id": "p" * 201}, {}),
        ("not JSON", {}),
        ("[1]", {}),
        (None, {}),
        (7, {}),
    ],
)
def test_what_the_content_says_is_read_leniently(content, expected):
    assert read(content=content).content == expected


@pytest.mark.parametrize("moment", [None, "soon", -1, 10**15, 253_402_300_799, True])
def test_a_moment_that_is_none_is_left_out(moment):
    assert read(create_time=moment).happened_at is None


def test_another_apps_event_is_refused():
    with pytest.raises(webhooks.ForAnotherApp):
        read(client_key="another")


@pytest.mark.parametrize(
    "body",
    [b"", b"not JSON", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000, envelope(event="")],
    ids=["empty", "no JSON", "a list", "a text", "no UTF-8", "deep", "no event"],
)
def test_what_is_no_event_is_refused(body):
    with pytest.raises(webhooks.Refused):
        webhooks.read(body, client_key="demo_key")


def test_an_event_without_a_creator_is_an_event():
    assert webhooks.read(
        b'{"client_key": "demo_key", "event": "a.new.one"}', client_key="demo_key"
    ) == webhooks.Webhook("a.new.one", None, "", {})
