"""The people of one workspace, one for each role, with a browser for each."""

import html

from django.test import Client

from accounts.models import Role, User, Workspace


def member(workspace: Workspace, role: Role) -> User:
    user = User.objects.create_user(f"a-{role}", f"{role}@example.com", time_zone="Europe/Berlin")
    workspace.memberships.create(user=user, role=role)
    return user


def browser_of(user: User, workspace: Workspace | None = None) -> Client:
    """A browser in which `user` is signed in, with that workspace chosen."""
    browser = Client()
    browser.force_login(user)
    if workspace:
        session = browser.session
        session["workspace_id"] = workspace.pk
        session.save()
    return browser


def words(response) -> str:
    """What a person reads, on one line."""
    return " ".join(html.unescape(response.content.decode()).split())


def said(response) -> list[str]:
    """The messages on the page that the answer leads to."""
    return [str(message) for message in response.context["messages"]]
