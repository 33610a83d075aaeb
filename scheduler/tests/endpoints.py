"""Every endpoint of the API: what it needs, and what comes of its example."""

from dataclasses import dataclass

from accounts.models import Scope
from posts.states import State

OPEN = "open"  # to people whom nobody knows


@dataclass(frozen=True)
class Row:
    """What it needs, the status for who may, and in which state the publication is then."""

    needs: Scope | str | None
    status: int
    state: State = State.DRAFT
    not_for: tuple[str, ...] = ()  # whom the verb itself turns away


S = State
ROWS = {
    "POST /register": Row(OPEN, 201),
    "POST /token": Row(OPEN, 200),
    "GET /users/me": Row(None, 200),
    "GET /channels/": Row(Scope.READ, 200),
    "GET /channels/{channel_id}": Row(Scope.READ, 200),
    "GET /channels/{channel_id}/creator-info": Row(Scope.READ, 200),
    "GET /api/v1/auth/tiktok/authorize": Row(Scope.CONNECT, 200),
    "DELETE /api/v1/auth/tiktok/disconnect": Row(Scope.CONNECT, 200),
    "GET /posts/": Row(Scope.READ, 200),
    "POST /posts/": Row(Scope.WRITE, 201),
    "GET /posts/{post_id}": Row(Scope.READ, 200),
    "PATCH /posts/{post_id}": Row(Scope.WRITE, 200),
    "DELETE /posts/{post_id}": Row(Scope.WRITE, 204),
    "GET /posts/{post_id}/events": Row(Scope.READ, 200),
    "GET /posts/{post_id}/preflight": Row(Scope.READ, 200),
    "POST /api/v1/tiktok/posts/": Row(Scope.WRITE, 201),
    "POST /api/v1/tiktok/posts/{post_id}/publish": Row(Scope.PUBLISH, 202),
    "POST /publications/{publication_id}/approve": Row(Scope.PUBLISH, 200, S.AWAITING_APPROVAL),
    "POST /publications/{publication_id}/send-back": Row(Scope.PUBLISH, 200, S.AWAITING_APPROVAL),
    "POST /publications/{publication_id}/schedule": Row(Scope.WRITE, 200),
    "POST /publications/{publication_id}/unschedule": Row(
        Scope.WRITE, 200, S.SCHEDULED, not_for=("contributor",)
    ),
    "POST /publications/{publication_id}/cancel": Row(Scope.PUBLISH, 200, S.SCHEDULED),
    "POST /publications/{publication_id}/pause": Row(Scope.PUBLISH, 200, S.SCHEDULED),
    "POST /publications/{publication_id}/resume": Row(Scope.PUBLISH, 200, S.HELD),
    "POST /publications/{publication_id}/retry": Row(Scope.PUBLISH, 200, S.FAILED),
    "POST /publications/{publication_id}/check-again": Row(Scope.PUBLISH, 200, S.UNCONFIRMED),
    "POST /publications/{publication_id}/resolve": Row(Scope.PUBLISH, 200, S.UNCONFIRMED),
    "GET /media/": Row(Scope.READ, 200),
    "POST /media/": Row(Scope.WRITE, 201),
    "GET /media/{media_id}": Row(Scope.READ, 200),
    "DELETE /media/{media_id}": Row(Scope.WRITE, 204),
    "POST /uploads/": Row(Scope.WRITE, 201),
    "GET /uploads/{upload_id}": Row(Scope.WRITE, 200),
    "PUT /uploads/{upload_id}/parts/{number}": Row(Scope.WRITE, 200),
    "POST /uploads/{upload_id}/parts/{number}/address": Row(Scope.WRITE, 409),
    "POST /uploads/{upload_id}/complete": Row(Scope.WRITE, 201),
    "DELETE /uploads/{upload_id}": Row(Scope.WRITE, 204),
}
