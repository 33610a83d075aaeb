"""Every page and button for everybody who may knock: each cell of the table has its status.

The table is page_roles.txt. For each address it says what a look (GET) and a press (POST) lead to,
for an owner, an editor, a contributor and a viewer of the workspace, for a member of another one,
and for nobody: a status, or `in` where the log-in is asked for first. A press sends the small forms
of a post's page along; what it changes is undone. 302 is a button that did it, or says why not.
"""

from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User, Workspace
from accounts.tests.browser import prove
from posts.tests.people import browser_of, member
from scheduler.tests.addresses import all_addresses
from scheduler.tests.belongings import path_of

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("page_roles.txt")
FORMS = {
    "date": f"{date.today() + timedelta(days=9)}",
    "time": "12:00",
    "note": "Louder, please.",
    "link": "https://www.tiktok.com/@alice/video/7",
    "text": "Well done.",
}
OTHERS = (Role.EDITOR, Role.CONTRIBUTOR, Role.VIEWER)


def table() -> dict[str, str]:
    """The cells of each address, as one line."""
    lines = [line.split() for line in TABLE.read_text().splitlines()[2:] if line.strip()]
    return {name: " ".join(cells) for name, *cells in lines}


@dataclass(frozen=True)
class Somebody:
    """A browser in which a person is signed in, or nobody; as it was before each press."""

    browser: Client

    @classmethod
    def of(cls, user: User | None, workspace: Workspace | None) -> "Somebody":
        browser = browser_of(user, workspace) if user else Client()
        if user:
            prove(browser, user)
        return cls(browser)

    def ask(self, method: str, path: str) -> str:
        cookies = copy(self.browser.cookies)
        with transaction.atomic():
            send = self.browser.get if method == "GET" else self.browser.post
            answer = send(path, FORMS if method == "POST" else None)
            transaction.set_rollback(True)  # and what the cache has counted, which is a table
        self.browser.cookies = cookies
        if answer.headers.get("Location", "").startswith(reverse("account_login")):
            return "in"
        return str(answer.status_code)


def test_every_address_stands_in_the_table_and_each_cell_is_right(alice, bob, workspace, alices):
    Authenticator.objects.all().delete()  # a key that no device made; what is hers stays a 404
    members: list[User] = [alice, *(member(workspace, role) for role in OTHERS)]
    for user in members:
        user.password = alice.password  # or an account's own pages ask for one first
        user.save()
    inside = [Somebody.of(user, workspace) for user in members]
    who = [*inside, Somebody.of(bob, None), Somebody.of(None, None)]
    found = {}
    for address in all_addresses():
        path = path_of(address, alices)
        cells = [each.ask(method, path) for method in ("GET", "POST") for each in who]
        found[str(address)] = " ".join(cells)

    assert found == table()
