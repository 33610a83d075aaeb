"""What the stories of posts by the API share: what a program sends, and how it reads a refusal."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Channel
from accounts.tests.program import Program
from posts.models import Media


def soon(hours: float = 1) -> str:
    return (timezone.now() + timedelta(hours=hours)).isoformat()


def planned(channel: Channel, medium: Media, **publication: Any) -> dict[str, Any]:
    """A post with one publication that is planned, unless `publication` says otherwise."""
    wish = {"channel_id": channel.pk, "scheduled_at": soon(), "options": {"mood": "wild"}}
    wish |= {"consent": True} | publication
    return {"caption": "Sunrise", "media": [str(medium.pk)], "publications": [wish]}


def made(program: Program, channel: Channel, medium: Media, **publication: Any) -> dict[str, Any]:
    """The same, made: what the API answers."""
    answer: dict[str, Any] = program.post("/posts/", planned(channel, medium, **publication)).json()
    return answer


def fields(answer: Any) -> dict[str, list[str]]:
    return answer.json()["error"]["fields"]
