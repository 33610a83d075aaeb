"""The consent page, as a browser without scripts sees it (Protocol 2.1 to 2.4)."""

import re

import pytest
import requests

from tiktok.tests.sandbox.caller import CALLBACK, CHALLENGE, LOOPBACK, callback_of

GOOD = {
    "client_key": "sandbox-key",
    "response_type": "code",
    "scope": "user.info.basic,video.publish",
    "redirect_uri": CALLBACK,
    "state": "a state & more",
}


def opened(sandbox, **changes):
    query = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return requests.get(f"{sandbox.url}/v2/auth/authorize/", params=query, timeout=10)


def decided(sandbox, page, **form):
    """Press a button of the page; returns where it leads."""
    action = re.search(r'action="([^"]+)"', page.text)[1].replace("&amp;", "&")
    return requests.post(sandbox.url + action, data=form, allow_redirects=False, timeout=10)


def complaint(page):
    assert page.status_code == 400
    return re.findall(r"<code>([^<]+)</code>", page.text)


def test_alice_grants_a_part_of_what_is_asked(sandbox):
    sandbox.make_creator("alice", display_name="Alice & Co")
    page = opened(sandbox)
    assert page.status_code == 200
    assert "Alice &amp; Co" in page.text

    answer = decided(sandbox, page, creator="alice", scope="user.info.basic", decision="authorize")

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(CALLBACK + "?")
    callback = callback_of(answer.headers["Location"])
    assert set(callback) == {"code", "scopes", "state"}
    assert callback["scopes"] == "user.info.basic"
    assert callback["state"] == "a state & more"


def test_a_creator_can_be_made_on_the_page(sandbox):
    page = opened(sandbox)
    form = {"creator": "+", "scope": ["user.info.basic", "video.publish"], "decision": "authorize"}

    answer = decided(sandbox, page, handle="@New.Bob", display_name="Bob", private="on", **form)

    assert callback_of(answer.headers["Location"])["scopes"] == "user.info.basic,video.publish"
    [bob] = sandbox.state()["creators"]
    assert (bob["handle"], bob["display_name"], bob["private"]) == ("new.bob", "Bob", True)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"creator": "alice"}, "Allow at least one thing"),
        ({"scope": "user.info.basic"}, "Choose who you are"),
        ({"scope": "user.info.basic", "creator": "nobody"}, "Choose who you are"),
        ({"scope": "user.info.basic", "creator": "+"}, "A handle has 2 to 24"),
        ({"scope": "user.info.basic", "creator": "+", "handle": "a b"}, "A handle has 2 to 24"),
        ({"scope": "user.info.basic", "creator": "+", "handle": "alice"}, "@alice exists"),
        ({"scope": "video.list", "creator": "alice"}, "Allow at least one thing"),
    ],
)
def test_an_answer_that_makes_no_sense_is_asked_for_again(sandbox, form, sentence):
    sandbox.make_creator("alice")
    answer = decided(sandbox, opened(sandbox), decision="authorize", **form)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert len(sandbox.state()["creators"]) == 1


def test_alice_cancels(sandbox):
    sandbox.make_creator("alice")
    answer = decided(sandbox, opened(sandbox), decision="cancel")
    callback = callback_of(answer.headers["Location"])
    assert set(callback) == {"error", "error_description", "state"}
    assert (callback["error"], callback["state"]) == ("access_denied", "a state & more")


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"client_key": "other"}, "client_key"),
        ({"client_key": None}, "client_key"),
        ({"client_secret": "sandbox-secret"}, "client_secret"),
        ({"response_type": "token"}, "response_type"),
        ({"scope": ""}, "scope"),
        ({"scope": "user.info.basic video.publish"}, "scope"),
        ({"scope": "user.info.basic,video.delete"}, "scope"),
        ({"state": None}, "state"),
        ({"redirect_uri": None}, "redirect_uri"),
        ({"redirect_uri": "http://scheduler.example/callback"}, "redirect_uri"),
        ({"redirect_uri": CALLBACK + "?user=1"}, "redirect_uri"),
        ({"redirect_uri": CALLBACK + "#top"}, "redirect_uri"),
        ({"redirect_uri": "http://localhost/callback"}, "redirect_uri"),
        ({"redirect_uri": "ftp://localhost:21/callback"}, "redirect_uri"),
        ({"redirect_uri": "https://user@scheduler.example/"}, "redirect_uri"),
        ({"redirect_uri": "https://scheduler.example:x/"}, "redirect_uri"),
        ({"redirect_uri": "https://a;b.example/"}, "redirect_uri"),
        ({"redirect_uri": CALLBACK + "x" * 512}, "redirect_uri"),
        ({"code_challenge": CHALLENGE}, "code_challenge_method"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "code_challenge_method"),
        ({"state": ["one", "two"]}, "state"),
    ],
)
def test_a_wrong_parameter_ends_on_a_page_that_names_it(sandbox, changes, parameter):
    assert complaint(opened(sandbox, **changes)) == [f"error_type={parameter}"]


@pytest.mark.parametrize("redirect", [LOOPBACK, "https://127.0.0.1:8443/callback"])
def test_a_loopback_redirect_needs_a_challenge(sandbox, redirect):
    refused = opened(sandbox, redirect_uri=redirect)
    assert complaint(refused) == ["errCode=10007", "error_type=code_challenge"]
    pkce = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    assert opened(sandbox, redirect_uri=redirect, **pkce).status_code == 200


def test_registered_redirects_must_fit_to_the_letter(sandbox):
    sandbox.change_settings(redirect_uris=[CALLBACK, "http://localhost:*/callback"])
    pkce = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    assert opened(sandbox).status_code == 200
    assert opened(sandbox, redirect_uri=LOOPBACK, **pkce).status_code == 200
    assert complaint(opened(sandbox, redirect_uri=CALLBACK + "/")) == ["error_type=redirect_uri"]


def test_the_page_lets_its_form_go_back_to_the_app_and_nowhere_else(sandbox):
    policy = opened(sandbox).headers["Content-Security-Policy"]
    assert "form-action 'self' https://scheduler.example;" in policy
    assert "script" not in policy
    assert "default-src 'none'" in policy


def test_another_web_site_can_not_say_yes_for_alice(sandbox):
    sandbox.make_creator("alice")
    answer = requests.post(
        f"{sandbox.url}/v2/auth/authorize/",
        params=GOOD,
        data={"creator": "alice", "scope": "user.info.basic", "decision": "authorize"},
        headers={"Origin": "https://evil.example"},
        timeout=10,
    )
    assert answer.status_code == 403
