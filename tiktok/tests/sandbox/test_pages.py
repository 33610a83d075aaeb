"""The pages that people see, without a browser."""

import pytest
import requests

from tiktok.tests.sandbox.caller import CALLBACK, CREATOR_INFO, FILM

SHARP = '<script>alert("$1")</script>'
ESCAPED = "&lt;script&gt;alert(&quot;$1&quot;)&lt;/script&gt;"


@pytest.fixture
def look(sandbox):
    return lambda path, **options: requests.get(sandbox.url + path, timeout=10, **options)


@pytest.fixture
def press(sandbox):
    """Send a form, and follow to the page that it leads to."""
    return lambda path, **form: requests.post(sandbox.url + path, data=form, timeout=10)


@pytest.fixture
def pages(sandbox, connect):
    """Every kind of page, full of what Alice has."""
    alice = connect("alice", display_name=SHARP[:30])
    alice.publish(title=SHARP)
    alice.publish_to_inbox()
    alice.publish(title=f"{SHARP} #sandbox:stuck")
    query = f"client_key=sandbox-key&response_type=code&scope=video.list&redirect_uri={CALLBACK}"
    return {
        "home": "/",
        "profile": "/@alice",
        "watch": sandbox.videos()[0]["path"],
        "consent": f"/v2/auth/authorize/?{query}&state=x",
        "authorization error": "/v2/auth/authorize/?client_key=<b>",
        "missing": "/nothing",
    }


def test_nothing_that_people_type_becomes_markup(sandbox, look, pages):
    sandbox.change_settings(app_name=SHARP)
    for name, path in pages.items():
        text = look(path).text
        assert "<script" not in text, name
        assert 'alert("' not in text, name
    assert ESCAPED in look(pages["watch"]).text
    assert ESCAPED in look(pages["profile"]).text


def test_every_page_is_strict_about_what_it_loads(look, pages):
    for path in pages.values():
        page = look(path)
        policy = page.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self';")
        assert "frame-ancestors 'none'" in policy
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert "style=" not in page.text
        assert "A pretend TikTok, for practice" in page.text
        assert '<span class="badge">Sandbox</span>' in page.text


def test_a_new_sandbox_has_nobody_and_says_how_to_begin(look, press):
    assert "Nobody is here yet." in look("/").text
    page = press("/creators", handle="@Alice", display_name="Alice", private="on")
    assert page.url.endswith("/@alice?done=created")
    assert "The creator is here." in page.text
    assert "Private" in page.text
    assert "Alice" in look("/").text


def test_a_creator_that_can_not_be_is_refused_on_the_page(look, press):
    press("/creators", handle="alice")
    for handle in ("alice", "a", "al ice", ""):
        page = press("/creators", handle=handle)
        assert page.status_code == 400
        assert 'role="alert"' in page.text


def test_alice_changes_her_account(alice, press):
    page = press(
        "/@alice/account",
        private="on",
        comment_disabled="on",
        max_video_post_duration_sec="180",
    )
    assert "The account is changed." in page.text
    data = alice.post(CREATOR_INFO).data
    assert data["privacy_level_options"][0] == "FOLLOWER_OF_CREATOR"
    assert (data["comment_disabled"], data["max_video_post_duration_sec"]) == (True, 180)

    press("/@alice/account", max_video_post_duration_sec="600")
    data = alice.post(CREATOR_INFO).data
    assert data["privacy_level_options"][0] == "PUBLIC_TO_EVERYONE"
    assert (data["comment_disabled"], data["max_video_post_duration_sec"]) == (False, 600)
    assert press("/@nobody/account").status_code == 404


def test_alice_removes_the_app(alice, look, press):
    assert "Social Media Scheduler" in look("/@alice").text
    page = press("/@alice/remove-access", client_key="sandbox-key")
    assert "No app has access to this account." in page.text
    assert alice.post(CREATOR_INFO).code == "access_token_invalid"


def test_alice_posts_a_draft_and_drops_it(sandbox, alice, look, press):
    publish_id = alice.publish_to_inbox()
    assert "Inbox" in look("/@alice").text
    path = f"/@alice/drafts/{publish_id}"

    page = press(f"{path}/post", caption="No choice made", privacy="")
    assert page.status_code == 400
    assert "Choose who can watch this video." in page.text
    page = press(f"{path}/post", caption="Two\r\nlines", privacy="PUBLIC_TO_EVERYONE")
    assert "The draft is posted." in page.text
    assert [video["caption"] for video in sandbox.videos()] == ["Two\nlines"]
    assert alice.status(publish_id)["status"] == "PUBLISH_COMPLETE"

    assert "The draft is gone." in press(f"{path}/drop").text
    assert press(f"{path}/drop").status_code == 400
    assert "Inbox" not in look("/@alice").text


def test_a_video_that_is_not_for_everyone_has_no_public_page(sandbox, alice, look):
    alice.publish(title="Secret", privacy_level="SELF_ONLY")
    [video] = sandbox.videos()
    page = look(video["path"])
    assert page.status_code == 404
    assert "Secret" not in page.text
    profile = look("/@alice").text
    assert "Secret" in profile
    assert "Only you" in profile


def test_a_profile_shows_what_is_on_its_way(sandbox, alice, look):
    sandbox.change_settings(processing_seconds=100)
    alice.publish(title="Still cooking")
    alice.init(title="No byte yet")
    page = look("/@alice").text
    assert "Still cooking" in page
    assert f"Uploading: 0 bytes of {len(FILM) / 1000:.1f} kB" in page


def test_a_long_profile_has_pages(sandbox, alice, look):
    sandbox.change_settings(init_per_window=100)
    for number in range(13):
        alice.publish(title=f"Video number {number}.")
    assert "Video number 12." in look("/@alice").text
    assert "Video number 0." not in look("/@alice").text
    assert "Video number 0." in look("/@alice?page=2").text
    assert look("/@alice?page=99").status_code == 200
    assert look("/@alice?page=x").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/@nobody",
        "/@Alice",
        "/@alice/video/1",
        "/@alice/video/99999999999999999999",
        "/@bob/video/{id}",
        "/media/nothing",
        "/media/../sandbox.sqlite3",
        "/media/..%2Fsandbox.sqlite3",
        "/pages/style.css",
        "/avatars/../alice.png",
    ],
)
def test_what_is_not_there_is_404(sandbox, alice, look, path):
    alice.publish()
    sandbox.make_creator("bob")
    assert look(path.format(id=sandbox.videos()[0]["id"])).status_code == 404


class TestMedia:
    @pytest.fixture
    def address(self, alice):
        return f"/media/{alice.publish()}"

    def test_whole(self, look, address):
        answer = look(address)
        assert (answer.status_code, answer.content) == (200, FILM)
        assert answer.headers["Content-Type"] == "video/mp4"
        assert answer.headers["Accept-Ranges"] == "bytes"

    @pytest.mark.parametrize(
        ("wanted", "first", "last"),
        [
            ("bytes=0-", 0, len(FILM) - 1),
            ("bytes=0-0", 0, 0),
            ("bytes=100-199", 100, 199),
            ("bytes=100-999999", 100, len(FILM) - 1),
            ("bytes=-10", len(FILM) - 10, len(FILM) - 1),
            ("bytes=-999999", 0, len(FILM) - 1),
        ],
    )
    def test_a_range(self, look, address, wanted, first, last):
        answer = look(address, headers={"Range": wanted})
        assert (answer.status_code, answer.content) == (206, FILM[first : last + 1])
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(FILM)}"

    @pytest.mark.parametrize("wanted", [f"bytes={len(FILM)}-", "bytes=5-4", "bytes=-0"])
    def test_a_range_that_is_not_there(self, look, address, wanted):
        answer = look(address, headers={"Range": wanted})
        assert answer.status_code == 416
        assert answer.headers["Content-Range"] == f"bytes */{len(FILM)}"

    @pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "bytes=-", "chunks=1-2"])
    def test_a_range_that_is_not_served_brings_everything(self, look, address, wanted):
        answer = look(address, headers={"Range": wanted})
        assert (answer.status_code, answer.content) == (200, FILM)

    def test_only_the_head(self, sandbox, address):
        answer = requests.head(sandbox.url + address, timeout=10)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["Content-Length"] == str(len(FILM))

    def test_not_before_it_is_complete(self, alice, look):
        assert look(f"/media/{alice.init().data['publish_id']}").status_code == 404
