"""A program as the stories of the API use it: it sends JSON, and shows who it is in a header."""

import json
from typing import Any

from django.test import Client

from accounts.api.tokens import make_token
from accounts.models import ApiKey, Scope, User, Workspace


class Program:
    """`who` is a person, by an access token, or an API key as it was shown; or nobody."""

    def __init__(
        self, who: User | str | None = None, *, workspace: Workspace | None = None, **headers: str
    ) -> None:
        self.client = Client()
        self.headers = dict(headers)
        if who is not None:
            secret = who if isinstance(who, str) else make_token(who)
            self.headers["Authorization"] = f"Bearer {secret}"
        if workspace is not None:
            self.headers["X-Workspace"] = str(workspace.pk)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = b"" if body is None else json.dumps(body).encode()
        kind = "" if body is None else "application/json"
        headers = self.headers | headers
        return self.client.generic(method, path, sent, content_type=kind, headers=headers)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(path, query, headers=self.headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, body, **headers)

    def patch(self, path: str, body: Any) -> Any:
        return self.ask("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self.ask("DELETE", path)

    def send(self, path: str, **fields: Any) -> Any:
        """A form, with files if there are any among `fields`."""
        return self.client.post(path, fields, headers=self.headers)


def code(answer: Any) -> tuple[int, str]:
    """The status, and what the error calls itself."""
    return answer.status_code, answer.json()["error"]["code"]


def key_of(user: User, workspace: Workspace, *scopes: Scope) -> str:
    membership = workspace.memberships.get(user=user)
    return ApiKey.make(membership, name="a program", scopes=list(scopes), lasts=None)[1]
