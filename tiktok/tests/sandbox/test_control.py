"""The door for tests and demos: JSON under /sandbox/."""

import pytest
import requests

from tiktok.tests.sandbox.caller import CREATOR_INFO, FILM, Caller, put, sha256


def get(sandbox, what, **headers):
    return requests.get(f"{sandbox.url}/sandbox/{what}", headers=headers, timeout=10)


def post(sandbox, what, body=None, **headers):
    return requests.post(f"{sandbox.url}/sandbox/{what}", json=body, headers=headers, timeout=10)


def test_a_whole_story_by_json(sandbox):
    made = post(sandbox, "creators", {"handle": "alice", "display_name": "Alice"}).json()
    assert (made["handle"], made["private"], made["banned"]) == ("alice", False, False)
    tokens = post(sandbox, "connect", {"creator": "alice"}).json()
    alice = Caller(sandbox, tokens["access_token"])
    publish_id = alice.publish(title="Sunrise")
    draft = alice.publish_to_inbox()

    video_id = post(sandbox, f"drafts/{draft}/post", {"caption": "Mine"}).json()["video_id"]

    state = get(sandbox, "state").json()
    assert set(state) == {"now", "settings", "creators", "publications", "troubles"}
    assert [post["publish_id"] for post in state["publications"]] == [publish_id, draft]
    videos = get(sandbox, "videos").json()["videos"]
    assert [(video["caption"], video["privacy"]) for video in videos] == [
        ("Sunrise", "PUBLIC_TO_EVERYONE"),
        ("Mine", "SELF_ONLY"),
    ]
    assert videos[1]["id"] == video_id
    uploads = get(sandbox, f"uploads?publish_id={draft}").json()["uploads"]
    assert [(upload["creator"], upload["sha256"]) for upload in uploads] == [
        ("alice", sha256(FILM))
    ]
    assert post(sandbox, f"drafts/{draft}/drop").status_code == 200
    calls = get(sandbox, "requests?endpoint=video_init").json()["requests"]
    assert [call["creator"] for call in calls] == ["alice"]
    later = get(sandbox, f"requests?after={calls[0]['id']}").json()["requests"]
    assert [call["endpoint"] for call in later] == ["inbox_init"]


def test_a_consent_without_a_browser(sandbox):
    post(sandbox, "creators", {"handle": "alice"})
    answer = post(
        sandbox,
        "authorize",
        {
            "creator": "alice",
            "scopes": ["user.info.basic"],
            "redirect_uri": "http://localhost:8000/callback",
            "code_challenge": "ab" * 32,
            "state": "mine",
        },
    ).json()
    assert set(answer) == {"code", "scopes", "state"}
    assert (answer["scopes"], answer["state"]) == ("user.info.basic", "mine")


def test_troubles_by_json(sandbox, in_thread):
    post(sandbox, "creators", {"handle": "alice"})
    alice = Caller(sandbox, post(sandbox, "connect", {"creator": "alice"}).json()["access_token"])
    number = post(sandbox, "troubles", {"endpoint": "creator_info", "kind": "hold"}).json()["id"]

    answer = in_thread(lambda: alice.post(CREATOR_INFO))

    seen = post(sandbox, f"troubles/{number}/wait", {"hits": 1, "seconds": 10}).json()
    assert (seen["id"], seen["hits"], seen["holding"]) == (number, 1, 1)
    post(sandbox, f"troubles/{number}/release")
    assert answer().code == "ok"
    assert get(sandbox, f"troubles/{number}").json()["holding"] == 0
    assert len(get(sandbox, "troubles").json()["troubles"]) == 1
    post(sandbox, "troubles/clear")
    assert get(sandbox, "troubles").json() == {"troubles": []}


def test_settings_are_changed_together_or_not_at_all(sandbox):
    changed = post(sandbox, "settings", {"audited": False, "processing_seconds": 0.5}).json()
    assert (changed["audited"], changed["processing_seconds"]) == (False, 0.5)
    for wrong in (
        {"latency_ms": 5, "surprise": 1},
        {"latency_ms": 5, "audited": "yes"},
        {"latency_ms": -5},
        {"direct_post_cap": 1.5},
        {"direct_post_cap": True},
        {"access_token_seconds": 0.5},
        {"client_key": ""},
        {"app_scopes": "video.list"},
    ):
        answer = post(sandbox, "settings", wrong)
        assert answer.status_code == 400
        assert answer.json()["error"]
    assert get(sandbox, "state").json()["settings"]["latency_ms"] == 0


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("creators", {"handle": "Alice Cooper"}, 400),
        ("creators", {"handle": "alice", "display_name": "x" * 31}, 400),
        ("creators", {"display_name": "No handle"}, 400),
        ("creators", {"handle": "alice", "private": 1}, 400),
        ("creators", {"handle": "alice", "surprise": 1}, 400),
        ("creators", {"handle": "taken"}, 400),
        ("creators/nobody", {"private": True}, 404),
        ("creators/taken", {"privacy_options": [1]}, 400),
        ("creators/nobody/remove-access", {}, 404),
        ("connect", {"creator": "nobody"}, 404),
        ("connect", {"creator": "taken", "scopes": ["video.delete"]}, 400),
        ("authorize", {"creator": "taken", "redirect_uri": "http://localhost:1/"}, 400),
        ("authorize", {"creator": "taken", "redirect_uri": 1}, 400),
        ("drafts/v_inbox_file~v2.1/post", {}, 400),
        ("troubles", {"endpoint": "nowhere", "kind": "code"}, 400),
        ("troubles/99/release", {}, 404),
        ("troubles/99/wait", {"seconds": "x"}, 400),
        ("nothing", {}, 404),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_with_a_sentence(sandbox, what, body, status):
    post(sandbox, "creators", {"handle": "taken"})
    answer = post(sandbox, what, body)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert [creator["handle"] for creator in sandbox.state()["creators"]] == ["taken"]


def test_a_creator_can_change_the_name(sandbox, alice):
    changed = post(sandbox, "creators/alice", {"handle": "alice.two", "display_name": "Al"}).json()
    assert (changed["handle"], changed["display_name"]) == ("alice.two", "Al")
    assert alice.post(CREATOR_INFO).data["creator_username"] == "alice.two"


def test_a_reset_forgets_everything(sandbox, alice, tmp_path):
    data = alice.init().data
    put(data["upload_url"], FILM)
    sandbox.change_settings(direct_post_cap=1)
    sandbox.add_trouble("status", "code")

    assert post(sandbox, "reset").json() == {}

    state = sandbox.state()
    assert (state["creators"], state["publications"], state["troubles"]) == ([], [], [])
    assert state["settings"]["direct_post_cap"] == 15
    assert (sandbox.videos(), sandbox.uploads(), sandbox.requests()) == ([], [], [])
    assert list((tmp_path / "state" / "media").iterdir()) == []
    assert alice.post(CREATOR_INFO).code == "access_token_invalid"
    assert put(data["upload_url"], FILM).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Host": "evil.example:80", "Origin": "http://evil.example:80"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_foreign_web_page_can_not_drive_the_sandbox(sandbox, headers):
    answer = post(sandbox, "reset", **headers)
    assert answer.status_code == 403
    made = requests.post(
        f"{sandbox.url}/creators", data={"handle": "mallory"}, headers=headers, timeout=10
    )
    assert made.status_code == 403
    assert sandbox.state()["creators"] == []


def test_the_own_page_can(sandbox):
    assert get(sandbox, "state", Origin=sandbox.url).status_code == 200
    by_name = {"Host": f"localhost:{sandbox.port}", "Origin": f"http://localhost:{sandbox.port}"}
    assert get(sandbox, "state", **by_name).status_code == 200
