"""Sharing a workspace and parting from it, with two browsers."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from scheduler.tests.browser.walking import Gallery
from scheduler.tests.house import wait_for
from tiktok.tests.stage import PASSWORD

A_POST_AT_TIKTOK = """
from pathlib import Path
from accounts.models import Workspace
from posts.states import State
from posts.tests.walk import bring
from tiktok.tests import stage
grace = stage.person("grace")
workspace = Workspace.personal_for(grace)
channel = stage.connected_channel(workspace, "grace.grows")
medium = stage.stored_medium(workspace, Path({clip!r}))
publication = stage.composed(grace, channel, [medium], caption="Beans, day nine")
print(bring(publication, State.PROCESSING, by=grace).pk, workspace.pk)
"""
IT_IS_THERE = """
from django.utils import timezone
from posts.models import Publication
from posts.states import State
now = timezone.now()
Publication.objects.filter(pk={pk}).update(
    state=State.PUBLISHED, published_at=now, next_step_at=None
)
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[Gallery]:
    with Gallery(tmp_path_factory.mktemp("team")) as house:
        yield house


def log_in(page: Page, house: Gallery, name: str) -> None:
    page.goto(f"{house.url}/account/login/")
    page.get_by_label("Username or email").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()


def link_in_the_mail(house: Gallery) -> str:
    def found() -> str:
        links = re.findall(r"http://\S+/app/invitations/[\w-]+/", house.log("web"))
        return links[-1] if links else ""

    return str(wait_for(found, what="the mail"))


def test_a_team_forms_and_parts(at_home: Page, browser: Browser, house: Gallery, clip: Path):
    page = at_home
    said = house.shell(A_POST_AT_TIKTOK.format(clip=str(clip))).splitlines()[-1]
    publication, workspace = said.split()
    log_in(page, house, "grace")
    invite(page, house, workspace, email="henri@example.com")

    henris = browser.new_context().new_page()
    henris.set_default_timeout(15_000)
    join_with_a_new_account(henris, link_in_the_mail(house))
    asks = {"Authorization": f"Bearer {token_of(house, 'henri')}", "X-Workspace": workspace}
    assert requests.get(f"{house.url}/posts/", headers=asks, timeout=10).status_code == 200
    henris.goto(f"{house.url}/app/posts/new/")
    henris.get_by_role("textbox", name="Caption").fill("What I saw")

    remove(page, house, workspace, "henri")

    # His page is still open. What he does there goes nowhere, also not into a workspace of his.
    assert requests.get(f"{house.url}/posts/", headers=asks, timeout=10).status_code == 404
    henris.get_by_role("button", name="Save draft").first.click()
    expect(henris.get_by_role("heading", name="There is nothing here")).to_be_visible()
    elsewhere = f"SELECT count(*) FROM posts_post WHERE workspace_id <> {int(workspace)}"
    assert house.ask_database(elsewhere) == [(0,)]

    delete(page, house, workspace, publication)
    henris.context.close()


def invite(page: Page, house: Gallery, workspace: str, *, email: str) -> None:
    page.goto(f"{house.url}/app/workspaces/{workspace}/members/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label(re.compile("Editor:")).check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text(f"The invitation is on its way to {email}.")).to_be_visible()


def join_with_a_new_account(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.get_by_role("heading", name="Join “grace's workspace”?")).to_be_visible()
    page.get_by_role("link", name="Create an account").click()
    expect(page.get_by_label("Email")).to_have_value("henri@example.com")
    page.get_by_label("Username").fill("henri")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("button", name="Join as henri").click()
    expect(page.get_by_text("Welcome to “grace's workspace”.")).to_be_visible()


def token_of(house: Gallery, name: str) -> str:
    form = {"username": name, "password": PASSWORD}
    answer = requests.post(f"{house.url}/token", data=form, timeout=10)
    return str(answer.json()["access_token"])


def remove(page: Page, house: Gallery, workspace: str, name: str) -> None:
    page.goto(f"{house.url}/app/workspaces/{workspace}/members/")
    page.get_by_text(f"Change {name}").click()
    page.get_by_role("link", name=f"Remove {name}").click()
    page.get_by_role("button", name=f"Remove {name}").click()
    expect(page.get_by_text(f"{name} is removed.")).to_be_visible()


def delete(page: Page, house: Gallery, workspace: str, publication: str) -> None:
    """Refused while a post is on its way; then done, and everything is in a copy."""
    page.goto(f"{house.url}/app/workspaces/{workspace}/delete/")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Something is on its way right now.")).to_be_visible()
    expect(page.get_by_role("button", name="Delete the workspace")).to_have_count(0)

    house.shell(IT_IS_THERE.format(pk=publication))
    page.get_by_role("link", name="Look again").click()
    page.get_by_label(re.compile("Type “")).fill("grace's workspace")
    page.get_by_role("button", name="Delete the workspace").click()
    expect(page.get_by_text("“grace's workspace” is deleted.")).to_be_visible()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Download").click()
    assert fetched.value.suggested_filename.startswith("grace's workspace")
