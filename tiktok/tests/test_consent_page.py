"""The consent page's address, and the challenge that goes with it."""

import base64
import hashlib
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tiktok.tokens import authorize_url, pkce_challenge, pkce_pair

REDIRECT = "https://scheduler.example/api/v1/auth/tiktok/callback"


def test_the_challenge_is_hex_and_not_base64url():
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    assert pkce_challenge(verifier) == (
        "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3"
    )


def test_every_pair_is_new_and_fits():
    pairs = [pkce_pair() for _ in range(50)]

    assert len({verifier for verifier, _ in pairs}) == 50
    for verifier, challenge in pairs:
        assert re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", verifier)
        digest = hashlib.sha256(verifier.encode())
        assert challenge == digest.hexdigest()
        assert challenge != base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("challenge", "more"),
    [(None, {}), ("ab12", {"code_challenge": "ab12", "code_challenge_method": "S256"})],
)
def test_the_consent_page_is_asked_in_tiktoks_words(challenge, more):
    url = authorize_url(
        "https://www.tiktok.com/v2/auth/authorize/",
        client_key="key-1",
        scopes=["user.info.basic", "video.publish"],
        redirect_uri=REDIRECT,
        state="s/t&te",
        disable_auto_auth=True,
        code_challenge=challenge,
    )

    parts = urlsplit(url)
    assert (parts.netloc, parts.path) == ("www.tiktok.com", "/v2/auth/authorize/")
    assert {name: value for name, [value] in parse_qs(parts.query).items()} == {
        "client_key": "key-1",
        "response_type": "code",
        "scope": "user.info.basic,video.publish",
        "redirect_uri": REDIRECT,
        "state": "s/t&te",
        "disable_auto_auth": "1",
    } | more
