"""Mails about an account: the same words as text and as HTML, and every link leads home."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from accounts.adapters import AccountAdapter
from accounts.letters import Part, parts_of
from accounts.tests.browser import browser_of, fill_in

pytestmark = pytest.mark.django_db

MAILS = sorted(
    str(path.relative_to(settings.BASE_DIR / "templates")).removesuffix("_message.txt")
    for path in Path(settings.BASE_DIR / "templates").glob("*/email/*_message.txt")
    if not path.name.startswith("base_")
)


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name == "href"]


def read(html: str) -> Words:
    reader = Words()
    reader.feed(html)
    return reader


def html_of(message: EmailMultiAlternatives) -> str:
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    return str(html)


def test_there_are_mails():
    assert len(MAILS) >= 20


@pytest.mark.parametrize("name", MAILS)
def test_each_mail_says_the_same_in_both_forms(name, alice):
    context = {
        "user": alice,
        "username": "alice",
        "ip": "203.0.113.7",
        "user_agent": "<b>Mozilla</b>",
        "code": "ABCD-EFGH",
        "password_reset_url": "http://localhost:8000/reset/",
        "signup_url": "http://localhost:8000/signup/",
        "log_in_url": "http://localhost:8000/login/",
        "site_name": "localhost:8000",
    }

    message = AccountAdapter().render_mail(name, alice.email, context)

    body, html = str(message.body).partition("\n-- \n")[0], read(html_of(message))
    links = {word for word in body.split() if word.startswith("http")}
    said = {word.rstrip(":") for word in body.split()} - links
    assert "\n" not in message.subject
    assert said - {word.rstrip(":") for word in html.words} == set()
    assert links <= set(html.links)
    assert all(link.startswith("http://localhost:8000/") for link in html.links)
    assert "<b>Mozilla" not in html_of(message)


def test_a_line_with_an_address_becomes_a_button(settings):
    text = "Hello,\n\nDo it.\n\nGo there:\nhttp://localhost:8000/x/\n\nABCD-EFGH\n\n-- \nUs"

    assert list(parts_of(text)) == [
        Part("Do it."),
        Part("Go there", link="http://localhost:8000/x/"),
        Part("ABCD-EFGH", is_code=True),
    ]


def test_an_address_of_others_becomes_no_button():
    [part] = parts_of("Hello,\n\nGo there:\nhttps://evil.example/\n\n-- \nUs")

    assert part.link == ""


def test_a_reset_is_mailed_in_both_forms(alice):
    cache.clear()

    fill_in(browser_of(), reverse("account_reset_password"), email=alice.email)

    [message] = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    assert "Choose a new password" in html_of(message)
