"""TikTok tells something by itself: an event as it comes, rightly signed."""

import hashlib
import hmac
import json
import time
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Channel
from posts.models import Attempt
from tiktok.models import WebhookEvent


def body_of(event: str, *, open_id: str = "", at: float | None = None, **content: Any) -> bytes:
    return json.dumps(
        {
            "client_key": settings.TIKTOK_CLIENT_KEY,
            "event": event,
            "create_time": int(time.time() if at is None else at),
            "user_openid": open_id,
            "content": json.dumps(content),
        }
    ).encode()


def signature_of(body: bytes, *, at: float | None = None, secret: str = "") -> str:
    moment = str(int(time.time() if at is None else at))
    key = (secret or settings.TIKTOK_CLIENT_SECRET).encode()
    digest = hmac.new(key, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={moment},s={digest}"


def send(body: bytes, signature: str | None = None, **details: Any) -> Any:
    """What our server answers to it. The caller of a webhook is nobody who is signed in."""
    return Client(enforce_csrf_checks=True).post(
        reverse("tiktok:webhook"),
        body,
        content_type="application/json",
        headers={"TikTok-Signature": signature_of(body) if signature is None else signature},
        **details,
    )


def tell(event: str, about: Attempt | Channel, *, at: float | None = None, **content: Any):
    """Let TikTok tell something of an attempt or an account; returns what was stored."""
    channel = about if isinstance(about, Channel) else about.publication.channel
    if isinstance(about, Attempt):
        content = {"publish_id": about.publish_id, "publish_type": "DIRECT_PUBLISH"} | content
    body = body_of(event, open_id=channel.external_id, at=at, **content)
    answer = send(body)
    assert answer.status_code == 200
    return WebhookEvent.objects.get(body_digest=hashlib.sha256(body).hexdigest())
