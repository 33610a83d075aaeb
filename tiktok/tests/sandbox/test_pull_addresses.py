"""Whose addresses TikTok fetches from: only those that the app has proved (Protocol 8.7)."""

import pytest

from tiktok.tests.sandbox.caller import VIDEO_INIT


def pulled(address: str) -> dict[str, object]:
    return {
        "post_info": {"privacy_level": "PUBLIC_TO_EVERYONE"},
        "source_info": {"source": "PULL_FROM_URL", "video_url": address},
    }


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://media.example.com/a.mp4", "invalid_param"),
        ("https://192.0.2.7/a.mp4", "invalid_param"),
        ("https://media.example.com@127.0.0.1/a.mp4", "invalid_param"),
        ("https://pages.example.net/ours/../theirs/a.mp4", "invalid_param"),
        ("https://pages.example.net/ours/%2e%2e/theirs/a.mp4", "invalid_param"),
        ("https://example.com.evil.example/a.mp4", "url_ownership_unverified"),
        ("https://other.example/a.mp4", "url_ownership_unverified"),
        ("https://pages.example.net/theirs/a.mp4", "url_ownership_unverified"),
        ("https://pages.example.net.evil.example/ours/a.mp4", "url_ownership_unverified"),
    ],
)
def test_an_address_that_is_not_the_apps_is_not_fetched(sandbox, alice, address, code):
    sandbox.change_settings(url_properties=["example.com", "https://pages.example.net/ours/"])

    answer = alice.post(VIDEO_INIT, pulled(address))

    assert answer.code == code
    assert sandbox.pulls() == []


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/a.mp4",
        "https://static.video.example.com/a.mp4",
        "https://pages.example.net/ours/a.mp4",
    ],
)
def test_a_domain_covers_its_subdomains_and_a_prefix_what_begins_with_it(sandbox, alice, address):
    sandbox.change_settings(
        url_properties=["example.com", "https://pages.example.net/ours/"], pull_delay_seconds=600
    )

    assert alice.post(VIDEO_INIT, pulled(address)).code == "ok"
