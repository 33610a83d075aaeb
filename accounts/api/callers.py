"""Who asks: a person by an access token, or a program by an API key. No cookie counts here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.http import HttpRequest

from accounts.api.refusals import Forbidden, NotAuthenticated, NotFound
from accounts.api.tokens import user_of
from accounts.models import ApiKey, Scope, User, Workspace
from accounts.models.api_key import MARK
from accounts.permissions import RIGHT_OF_SCOPE, Right, limited_to, may, require

WORKSPACE_HEADER = "X-Workspace"


@dataclass(frozen=True, slots=True)
class Caller:
    user: User
    workspace: Workspace  # the one that this request is about; no other is looked into
    key: ApiKey | None = None

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Inside, a key reaches no further than its scopes, whatever its owner may do."""
        if self.key is None:
            yield
            return
        with limited_to(self.key.scopes, self.workspace):
            yield

    def may(self, right: Right) -> bool:
        return may(self.user, right, self.workspace)

    def require(self, scope: Scope) -> None:
        """Raise Forbidden unless the key has `scope` and its owner's role the right."""
        if self.key is not None and scope not in self.key.scopes:
            raise Forbidden(
                f"This API key may not do this: it lacks the scope “{scope}”.",
                code="scope_missing",
            )
        require(self.user, RIGHT_OF_SCOPE[scope], self.workspace)


def caller_of(request: HttpRequest) -> Caller:
    """Raises NotAuthenticated, and NotFound for a workspace that is not theirs."""
    scheme, _, secret = request.headers.get("Authorization", "").strip().partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret:
        raise NotAuthenticated
    if not secret.startswith(f"{MARK}_"):
        user = user_of(secret)
        return Caller(user, _workspace_of(user, request))
    key = ApiKey.presented(secret)
    if key is None:
        raise NotAuthenticated(
            "This API key is unknown, has expired or was revoked.", code="key_invalid"
        )
    if request.headers.get(WORKSPACE_HEADER, str(key.workspace.pk)) != str(key.workspace.pk):
        raise _no_workspace()
    return Caller(key.user, key.workspace, key)


def _workspace_of(user: User, request: HttpRequest) -> Workspace:
    named = request.headers.get(WORKSPACE_HEADER)
    if named is None:
        return Workspace.personal_for(user)
    # No id has more digits than that; thousands of them are no number for Python.
    is_id = named.isascii() and named.isdecimal() and len(named) < 19
    found = Workspace.objects.of(user).filter(pk=int(named)).first() if is_id else None
    if found is None:
        raise _no_workspace()
    return found


def _no_workspace() -> NotFound:
    return NotFound(
        "You have no workspace of this id. /users/me lists yours.", code="workspace_not_found"
    )
