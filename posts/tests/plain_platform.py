"""A small real platform for the tests of `posts`, which know nothing of any other app.

It publishes at once whatever it is given. `register_plain` puts it beside the true ones for the
length of one test.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.utils import timezone
from django.utils.safestring import SafeString
from ninja import Schema

from accounts.api.schemas import Strict
from accounts.models import Channel, User, Workspace
from posts import platforms
from posts.errors import PlatformAway
from posts.leases import Lease
from posts.media.facts import Facts
from posts.models import Attempt, Media, MediaState, Mode, Post, Publication, Verdict
from posts.platforms import Consent, Finding, Problem


class PlainOptions(forms.Form):
    mood = forms.ChoiceField(choices=[("calm", "Calm"), ("wild", "Wild")])


class PlainChoices(Strict):
    mood: str = "calm"


class PlainFlat:
    schema: type[Schema] = PlainChoices
    related: tuple[str, ...] = ()

    def __init__(self, moods: dict[int, str]) -> None:
        self.moods = moods

    def of(self, publication: Publication) -> dict[str, Any]:
        return {"mood": self.moods.get(publication.pk, "calm")}

    def as_form(self, chosen: Mapping[str, Any], *, media: list[Media]) -> dict[str, Any]:
        return dict(chosen)

    def unfit(self, chosen: Mapping[str, Any], *, media: list[Media]) -> dict[str, str]:
        return {"mood": "Nobody is sad here."} if chosen.get("mood") == "sad" else {}

    def name_of(self, field: str) -> str:
        return field


class Plain:
    key = "plain"
    label = "Plain"
    composer_template = "_form.html"
    keeps_options = False

    def __init__(self) -> None:
        self.moods: dict[int, str] = {}  # by publication
        self.drafts: set[int] = set()  # publications that end in its inbox
        self.flat = PlainFlat(self.moods)
        self.findings: list[Finding] = []  # what its preflight finds, for any publication
        self.found_by_asking: list[Finding] = []
        self.is_away = False  # when it is asked ahead
        self.asked: list[int] = []  # publications, in the order in which it was asked ahead
        self.tidied = 0  # times
        self.advanced: list[int] = []  # publications, in the order of their steps
        self.step: Callable[[Publication, Lease], None] = publish_at_once

    def advance(self, publication: Publication, lease: Lease) -> None:
        self.advanced.append(publication.pk)
        self.step(publication, lease)

    def options(self, publication: Publication) -> dict[str, Any]:
        return {"mood": self.moods.get(publication.pk, "calm")}

    def options_form(
        self,
        data: Any,
        *,
        channel: Channel,
        media: list[Media],
        publication: Publication | None,
        draft: Mapping[str, Any] | None = None,
    ) -> PlainOptions:
        return PlainOptions(data, initial={"mood": (draft or {}).get("mood")})

    def save_options(self, publication: Publication, cleaned: dict[str, Any]) -> None:
        self.moods[publication.pk] = cleaned["mood"]

    def keep_choices(self, publication: Publication, data: Mapping[str, Any]) -> None:
        self.moods[publication.pk] = data.get("mood", "calm")

    def chosen(self, publication: Publication) -> list[tuple[str, str]]:
        return [("Mood", self.moods.get(publication.pk, "calm"))]

    def describe(self, publication: Publication) -> list[tuple[str, str]]:
        return self.chosen(publication)

    def ends_as_draft(self, publications: Sequence[Publication]) -> frozenset[int]:
        return frozenset({each.pk for each in publications} & self.drafts)

    def notes(self, publication: Publication) -> list[tuple[str, str]]:
        return self.describe(publication)

    def consent(self, options: dict[str, Any]) -> Consent:
        sentence = "By posting, you agree to be plain."
        return Consent(text=sentence, html=SafeString(sentence), version="plain-1")

    def preflight(self, publication: Publication, *, media: list[Media]) -> list[Finding]:
        return [finding for finding in self.findings if finding.blocks]

    def warnings(self, publication: Publication, *, media: list[Media]) -> list[Finding]:
        return [finding for finding in self.findings if not finding.blocks]

    def reconcile(self, publication: Publication, lease: Lease | None) -> list[str]:
        return ["plain has nothing to ask"]

    def reconcile_earlier(self, publication: Publication) -> list[str]:
        return []

    def end_access(self, channel: Channel) -> bool:
        channel.forget_tokens("Its access was given back.")
        return True

    def ask_ahead(self, publication: Publication, *, media: list[Media]) -> list[Finding]:
        self.asked.append(publication.pk)
        if self.is_away:
            raise PlatformAway
        return self.found_by_asking

    def tidy(self) -> None:
        self.tidied += 1

    def media_problems(self, facts: Facts) -> list[Problem]:
        return []


def register_plain(monkeypatch: pytest.MonkeyPatch) -> Plain:
    plain = Plain()
    monkeypatch.setitem(platforms._loaders, plain.key, lambda: plain)
    return plain


def publish_at_once(publication: Publication, lease: Lease) -> None:
    publication.start_sending(lease)
    attempt = begin_attempt(publication)
    publication.publish(lease, settle=(attempt, Verdict.PUBLISHED), next_step_at=None)


def begin_attempt(publication: Publication, *, last_block_gone: bool = False) -> Attempt:
    """An upload whose init was answered, and which may have let its last block go."""
    number = publication.attempts.count() + 1
    now = timezone.now()
    return Attempt.objects.create(
        publication=publication,
        number=number,
        mode=Mode.DIRECT,
        digest=publication.approval.digest if publication.approval else "",
        answered_at=now,
        publish_id=f"plain-{publication.pk}-{number}",
        address_expires_at=now + timedelta(hours=1),
        size=1_000,
        chunk_size=1_000,
        chunk_count=1,
        finishing_at=now if last_block_gone else None,
    )


def a_channel(workspace: Workspace, name: str = "sunrise") -> Channel:
    channel = Channel(
        workspace=workspace,
        platform=Plain.key,
        external_id=f"plain-{name}",
        username=name,
        display_name=name.title(),
    )
    channel.access_token, channel.refresh_token = "act.plain", "rft.plain"
    channel.save()
    return channel


def a_medium(workspace: Workspace, name: str = "sunrise.mp4") -> Media:
    return Media.objects.create(
        workspace=workspace,
        name=name,
        storage_key=f"media/{name}",
        size=1_000,
        sha256="5" * 64,
        content_type="video/mp4",
        state=MediaState.READY,
        check_at=None,
    )


def a_publication(author: User, channel: Channel, *, caption: str = "Sunrise") -> Publication:
    """A draft with one ready video."""
    post = Post.objects.create(workspace=channel.workspace, author=author, caption=caption)
    post.set_media([a_medium(channel.workspace)])
    return Publication.objects.create(post=post, channel=channel)
