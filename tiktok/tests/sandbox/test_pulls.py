"""What TikTok fetches by itself: from where, how, and what becomes of it (Protocol 7, 8.7)."""

import io
import re
from collections.abc import Iterator

import pytest
import requests
from PIL import Image

from tiktok.sandbox import Sandbox
from tiktok.tests.sandbox.caller import (
    CANCEL,
    CONTENT_INIT,
    FILM,
    INBOX_INIT,
    VIDEO_INIT,
    Caller,
    sha256,
    until,
)
from tiktok.tests.sandbox.media_site import MediaSite


@pytest.fixture
def site() -> Iterator[MediaSite]:
    with MediaSite() as site:
        yield site


def picture(width: int = 1080, height: int = 1920, *, kind: str = "JPEG", colour: str = "red"):
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, kind)
    return file.getvalue()


def pulled(address: str) -> dict[str, object]:
    return {
        "post_info": {"privacy_level": "PUBLIC_TO_EVERYONE", "title": "Sunrise"},
        "source_info": {"source": "PULL_FROM_URL", "video_url": address},
    }


def photos(*addresses: str, cover: int = 0, mode: str = "DIRECT_POST", **words):
    return {
        "media_type": "PHOTO",
        "post_mode": mode,
        "post_info": {"privacy_level": "PUBLIC_TO_EVERYONE", "title": "Hills"} | words,
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_images": list(addresses),
            "photo_cover_index": cover,
        },
    }


def begun(answer) -> str:
    assert answer.code == "ok", answer
    assert list(answer.data) == ["publish_id"]
    return answer.data["publish_id"]


def ended(caller, publish_id: str) -> dict[str, object]:
    """The status, once nothing is being fetched or processed any more."""

    def look():
        status = caller.status(publish_id)
        return None if status["status"] == "PROCESSING_DOWNLOAD" else status

    return until(look)


def test_a_video_is_fetched_and_published(sandbox, alice, site):
    publish_id = begun(alice.post(VIDEO_INIT, pulled(site.put("film.mp4", FILM))))

    assert publish_id.startswith("v_pub_url~v2-1.")
    status = ended(alice, publish_id)
    assert (status["status"], status["downloaded_bytes"]) == ("PUBLISH_COMPLETE", len(FILM))
    assert "uploaded_bytes" not in status
    [video] = sandbox.videos()
    assert (video["sha256"], video["size"]) == (sha256(FILM), len(FILM))


def test_it_asks_without_a_name_a_cookie_or_a_log_in(sandbox, alice, site):
    ended(alice, begun(alice.post(VIDEO_INIT, pulled(site.put("film.mp4", FILM)))))

    assert [(method, path) for method, path, _ in site.asked] == [
        ("HEAD", "/film.mp4"),
        ("GET", "/film.mp4"),
    ]
    sent = {name for _, _, headers in site.asked for name in headers}
    assert sent & {"user-agent", "cookie", "authorization", "referer"} == set()


def test_it_may_fetch_in_ranges_and_more_than_once(sandbox, alice, site):
    sandbox.change_settings(pull_range_bytes=1_000, pull_times=2, pull_asks_first=False)

    ended(alice, begun(alice.post(VIDEO_INIT, pulled(site.put("film.mp4", FILM)))))

    ranges = [headers["range"] for _, _, headers in site.asked]
    assert ranges == ["bytes=0-999", "bytes=1000-1999", "bytes=2000-2999"] * 2
    [video] = sandbox.videos()
    assert video["sha256"] == sha256(FILM)
    [pull] = sandbox.pulls()
    assert (pull["requests"], pull["received"]) == (2, len(FILM))


def test_a_fetched_draft_lies_in_the_inbox(sandbox, alice, site):
    source = {"source": "PULL_FROM_URL", "video_url": site.put("film.mp4", FILM)}
    publish_id = begun(alice.post(INBOX_INIT, {"source_info": source}))

    assert publish_id.startswith("v_inbox_url~v2.")
    assert ended(alice, publish_id)["status"] == "SEND_TO_USER_INBOX"


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 302, "headers": {"Location": "/film.mp4"}},
        {"status": 404},
        {"status": 503},
        {"content_type": "text/html"},
        {"declared": len(FILM) + 1},
    ],
)
def test_an_address_that_does_not_answer_well_fails_the_video(sandbox, alice, site, answer):
    site.put("film.mp4", FILM)
    address = site.put("other.mp4", FILM, **answer)

    status = ended(alice, begun(alice.post(VIDEO_INIT, pulled(address))))

    assert (status["status"], status["fail_reason"]) == ("FAILED", "video_pull_failed")
    [pull] = sandbox.pulls()
    assert pull["complaint"]
    assert "/film.mp4" not in [path for _, path, _ in site.asked]


def test_nobody_at_the_address_fails_the_video(sandbox, alice):
    status = ended(alice, begun(alice.post(VIDEO_INIT, pulled("http://127.0.0.1:9/film.mp4"))))

    assert (status["status"], status["fail_reason"]) == ("FAILED", "video_pull_failed")


def test_a_fetch_that_takes_too_long_fails(sandbox, alice, site):
    sandbox.change_settings(pull_seconds=0.3, pull_bytes_per_second=1_000)

    status = ended(alice, begun(alice.post(VIDEO_INIT, pulled(site.put("film.mp4", FILM)))))

    assert (status["status"], status["fail_reason"]) == ("FAILED", "video_pull_failed")


def test_a_slow_fetch_can_be_cancelled_and_a_finished_one_can_not(sandbox, alice, site):
    hold = sandbox.add_trouble("pull", "hold", after_bytes=1)
    publish_id = begun(alice.post(VIDEO_INIT, pulled(site.put("film.mp4", FILM))))
    assert sandbox.wait_for_trouble(hold)
    assert alice.status(publish_id)["status"] == "PROCESSING_DOWNLOAD"

    assert alice.post(CANCEL, {"publish_id": publish_id}).code == "ok"
    sandbox.release_trouble(hold)

    status = ended(alice, publish_id)
    assert (status["status"], status["fail_reason"]) == ("FAILED", "publish_cancelled")
    assert sandbox.videos() == []
    done = begun(alice.post(VIDEO_INIT, pulled(site.put("film.mp4", FILM))))
    ended(alice, done)
    answer = alice.post(CANCEL, {"publish_id": done})
    assert (answer.status, answer.code) == (400, "publish_not_cancellable")


def test_what_was_being_fetched_goes_on_after_a_restart(tmp_path, site):
    with Sandbox(tmp_path / "state") as first:
        first.change_settings(processing_seconds=0, pull_delay_seconds=600)
        first.make_creator("alice")
        token = first.connect("alice")["access_token"]
        begun(Caller(first, token).post(VIDEO_INIT, pulled(site.put("film.mp4", FILM))))
        first.change_settings(pull_delay_seconds=0)
    with Sandbox(tmp_path / "state") as second:
        [video] = until(second.videos)
    assert video["sha256"] == sha256(FILM)


class TestPhotos:
    def test_are_published_in_their_order_with_their_cover(self, sandbox, alice, site):
        files = [picture(colour=colour) for colour in ("red", "green", "blue")]
        addresses = [
            site.put(f"{n}.jpg", f, content_type="image/jpeg") for n, f in enumerate(files)
        ]
        body = photos(*addresses, cover=2, description="Three #hills", auto_add_music=True)

        publish_id = begun(alice.post(CONTENT_INIT, body | {"is_aigc": True}))

        assert publish_id.startswith("p_pub_url~v2.")
        assert ended(alice, publish_id)["status"] == "PUBLISH_COMPLETE"
        [post] = sandbox.videos()
        assert post["photos"] == [sha256(file) for file in files]
        assert (post["title"], post["caption"]) == ("Hills", "Three #hills")
        assert (post["photo_cover_index"], post["auto_add_music"]) == (2, True)
        assert post["is_aigc"] is True
        assert "/photo/" in post["path"]

    def test_of_a_draft_ignore_what_is_chosen_in_the_app(self, sandbox, alice, site):
        address = site.put("1.webp", picture(kind="WEBP"), content_type="image/webp")
        body = photos(address, mode="MEDIA_UPLOAD", auto_add_music=True)

        publish_id = begun(alice.post(CONTENT_INIT, body))

        assert ended(alice, publish_id)["status"] == "SEND_TO_USER_INBOX"
        [draft] = sandbox.publications()
        assert (draft["mode"], draft["privacy"]) == ("inbox", None)
        sandbox.post_draft(publish_id, privacy="PUBLIC_TO_EVERYONE", caption="Now")
        [post] = sandbox.videos()
        assert (post["auto_add_music"], len(post["photos"])) == (False, 1)

    @pytest.mark.parametrize(
        ("file", "content_type", "reason"),
        [
            (picture(1081, 1921), "image/jpeg", "picture_size_check_failed"),
            (picture(kind="PNG"), "image/png", "photo_pull_failed"),
            (picture(kind="PNG"), "image/jpeg", "file_format_check_failed"),
            (b"\xff\xd8\xff", "image/jpeg", "file_format_check_failed"),
        ],
    )
    def test_that_tiktok_does_not_take_fail(self, alice, site, file, content_type, reason):
        address = site.put("1.jpg", file, content_type=content_type)

        status = ended(alice, begun(alice.post(CONTENT_INIT, photos(address))))

        assert (status["status"], status["fail_reason"]) == ("FAILED", reason)

    def test_one_of_which_is_missing_fail_all(self, sandbox, alice, site):
        address = site.put("1.jpg", picture(), content_type="image/jpeg")

        publish_id = begun(alice.post(CONTENT_INIT, photos(address, f"{site.url}/gone.jpg")))

        status = ended(alice, publish_id)
        assert (status["status"], status["fail_reason"]) == ("FAILED", "photo_pull_failed")
        assert sandbox.videos() == []

    @pytest.mark.parametrize(
        "change",
        [
            {"media_type": "VIDEO"},
            {"post_mode": "DIRECT POST"},
            {"post_info": {"title": "x" * 91, "privacy_level": "SELF_ONLY"}},
            {"post_info": {"description": "x" * 4_001, "privacy_level": "SELF_ONLY"}},
            {"source_info": {"source": "FILE_UPLOAD"}},
        ],
    )
    def test_with_a_wrong_body_are_invalid(self, alice, change):
        answer = alice.post(CONTENT_INIT, photos("http://127.0.0.1/1.jpg") | change)
        assert (answer.status, answer.code) == (400, "invalid_param")

    @pytest.mark.parametrize(("count", "cover"), [(0, 0), (36, 0), (2, 2), (2, -1)])
    def test_too_many_or_a_cover_that_is_none_of_them(self, alice, count, cover):
        addresses = [f"http://127.0.0.1/{number}.jpg" for number in range(count)]
        answer = alice.post(CONTENT_INIT, photos(*addresses, cover=cover))
        assert (answer.status, answer.code) == (400, "invalid_param")

    @pytest.mark.parametrize(
        ("mode", "scope"), [("DIRECT_POST", "video.upload"), ("MEDIA_UPLOAD", "video.publish")]
    )
    def test_need_the_scope_of_their_mode(self, connect, mode, scope):
        bob = connect("bob", [scope])
        answer = bob.post(CONTENT_INIT, photos("http://127.0.0.1/1.jpg", mode=mode))
        assert (answer.status, answer.code) == (401, "scope_not_authorized")


def test_a_post_of_photos_is_not_called_a_video(sandbox, alice, site):
    def profile_says() -> list[str]:
        pages = [requests.get(sandbox.url + path, timeout=10).text for path in ("/", "/@alice")]
        return [re.findall(r"\d (?:video|photo)[^<·]*", page)[0].strip() for page in pages]

    assert profile_says() == ["0 videos, 0 drafts", "0 videos"]

    address = site.put("1.jpg", picture(), content_type="image/jpeg")
    ended(alice, begun(alice.post(CONTENT_INIT, photos(address, address))))
    assert profile_says() == ["1 photo post, 0 drafts", "1 photo post"]

    alice.publish()
    assert profile_says() == ["1 video, 1 photo post, 0 drafts", "1 video, 1 photo post"]
