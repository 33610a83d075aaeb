"""The steps of stories about connecting: go to TikTok's consent page, answer it, come back."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.tests.browser import press
from tiktok.sandbox import Sandbox


def asked(browser: Client) -> str:
    """Press Connect on the Accounts page; the address of TikTok's consent page."""
    answer = press(browser, reverse("accounts:channels"), reverse("tiktok:connect"))
    assert answer.status_code == 302
    return answer["Location"]


def consent(page: str, handle: str, *, scopes: list[str] | None = None, new=False) -> str:
    """Answer TikTok's own page as the creator; the address that it sends the browser back to."""
    wanted = parse_qs(urlsplit(page).query)["scope"][0].split(",")
    form: dict[str, object] = {
        "decision": "authorize",
        "creator": "+" if new else handle,
        "handle": handle if new else "",
        "scope": wanted if scopes is None else scopes,
    }
    return _answer(page, form)


def refuse(page: str) -> str:
    return _answer(page, {"decision": "cancel"})


def _answer(page: str, form: dict[str, object]) -> str:
    shown = requests.get(page, timeout=10)
    assert shown.status_code == 200, shown.text
    answer = requests.post(page, data=form, timeout=10, allow_redirects=False)
    assert answer.is_redirect, answer.text
    back = answer.headers["Location"]
    assert back.startswith(settings.TIKTOK_REDIRECT_URI + "?")
    return back


def come_back(browser: Client, back: str) -> Any:
    """Follow TikTok's redirect in a browser, as far as our first answer."""
    parts = urlsplit(back)
    return browser.get(f"{parts.path}?{parts.query}")


def connect(browser: Client, handle: str, *, scopes: list[str] | None = None, new=False) -> Any:
    """From the Accounts page to the consent page and back, all in one browser."""
    return come_back(browser, consent(asked(browser), handle, scopes=scopes, new=new))


def state_in(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


def refreshes(sandbox: Sandbox) -> list[str]:
    """The refresh tokens that TikTok was shown, in order."""
    forms = [parse_qs(call["body"]) for call in sandbox.requests("oauth_token")]
    return [form["refresh_token"][0] for form in forms if "refresh_token" in form]
