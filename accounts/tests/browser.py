"""A browser as the stories use it: it sends the form that the page really has."""

import html
import re
import time
from typing import Any

from django.test import Client

from accounts.models import User


def browser_of(user: User | None = None) -> Client:
    """A browser that checks CSRF as a real one would be checked."""
    browser = Client(enforce_csrf_checks=True)
    if user:
        browser.force_login(user)
        prove(browser, user)
    return browser


def prove(browser: Client, user: User) -> None:
    """As if the person had typed the password a moment ago."""
    session = browser.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session.save()


def press(browser: Client, page: str, action: str, **fields: str) -> Any:
    """Open `page`, find the form that posts to `action`, and send it with its CSRF token."""
    shown = browser.get(page).content.decode()
    assert f'action="{action}"' in shown
    [token, *_] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)
    return browser.post(action, {"csrfmiddlewaretoken": token} | fields)


def fill_in(browser: Client, page: str, **fields: str) -> Any:
    """Send the form of `page` to itself; it must have every field that is filled in."""
    shown = browser.get(page).content.decode()
    for name in fields:
        assert f'name="{name}"' in shown
    return press(browser, page, page, **fields)


def words(response: Any) -> str:
    """What a person reads, on one line."""
    return " ".join(html.unescape(response.content.decode()).split())


def is_logged_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session
