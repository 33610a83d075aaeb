"""The steps of stories at TikTok's: cause trouble there, and look at what it got and shows."""

import json
from typing import Any, Protocol

import requests


class AtAnAddress(Protocol):
    """A sandbox in this process, or that of a whole house."""

    @property
    def url(self) -> str: ...


def order(sandbox: AtAnAddress, what: str, **body) -> dict[str, Any]:
    """Ask the sandbox's own door for something; returns its JSON."""
    answer = requests.post(f"{sandbox.url}/sandbox/{what}", json=body, timeout=130)
    assert answer.status_code == 200, answer.text
    return answer.json()


def report(sandbox: AtAnAddress, what: str) -> dict[str, Any]:
    return requests.get(f"{sandbox.url}/sandbox/{what}", timeout=30).json()


def tune(sandbox: AtAnAddress, **figures) -> None:
    """Change the sandbox's delays, lifetimes and limits."""
    order(sandbox, "settings", **figures)


def trouble(sandbox: AtAnAddress, endpoint: str, kind: str, **details) -> int:
    """Let the next call of `endpoint` go wrong; returns the number of the trouble."""
    return order(sandbox, "troubles", endpoint=endpoint, kind=kind, **details)["id"]


def live(sandbox: AtAnAddress) -> list[dict[str, Any]]:
    """Every video that the sandbox shows on a profile."""
    return report(sandbox, "videos")["videos"]


def calls(sandbox: AtAnAddress, endpoint: str) -> list[dict[str, Any]]:
    """What the sandbox was asked for at one of its endpoints, in order."""
    return report(sandbox, f"requests?endpoint={endpoint}")["requests"]


def inits(sandbox: AtAnAddress) -> list[dict[str, Any]]:
    """The bodies of all direct inits."""
    return [json.loads(call["body"]) for call in calls(sandbox, "video_init")]
