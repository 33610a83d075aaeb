"""What must never be false is a constraint of the database: each is attacked, and holds."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from accounts.models import (
    Act,
    ApiKey,
    AuditEntry,
    Channel,
    Health,
    Invitation,
    Membership,
    RememberedAnswer,
    Role,
    Scope,
    User,
)  # fmt: skip
from posts.models import (
    ApprovalRequest,
    Attempt,
    Heartbeat,
    Installation,
    Media,
    MediaState,
    Mode,
    Notification,
    NotificationKind,
    Publication,
    PulledMedia,
    Upload,
    Verdict,
)
from posts.models.heartbeat import Kind
from posts.states import HeldReason, State
from posts.tests.plain_platform import a_channel, a_publication, begin_attempt, register_plain
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


class Scene:
    """A scheduled publication of the author's, with one open attempt, and all around it."""

    def __init__(self, publication: Publication, author: User) -> None:
        self.publication = bring(publication, State.SCHEDULED, by=author)
        self.post = publication.post
        self.author = author
        self.workspace = publication.post.workspace
        self.channel = publication.channel
        [self.medium] = publication.post.ordered_media
        self.attempt = begin_attempt(publication)

    def publication_becomes(self, **changes: Any) -> None:
        Publication.objects.filter(pk=self.publication.pk).update(**changes)

    def attempt_becomes(self, **changes: Any) -> None:
        Attempt.objects.filter(pk=self.attempt.pk).update(**changes)

    def another_attempt(self, **fields: Any) -> None:
        facts = {"mode": Mode.DIRECT, "size": 1, "chunk_size": 1, "chunk_count": 1}
        Attempt.objects.create(publication=self.publication, **(facts | fields))

    def two_are_sending(self) -> None:
        other = bring(a_publication(self.author, self.channel), State.SCHEDULED, by=self.author)
        both = Publication.objects.filter(pk__in=[other.pk, self.publication.pk])
        both.update(state=State.SENDING)

    def a_notification(self, **fields: Any) -> Notification:
        facts = {"kind": NotificationKind.FAILED, "key": "failed", "subject": "It failed"}
        return Notification.objects.create(
            person=self.author, workspace=self.workspace, **(facts | fields)
        )

    def a_request(self, **fields: Any) -> ApprovalRequest:
        return ApprovalRequest.objects.create(publication=self.publication, **fields)

    def an_address(self, **fields: Any) -> PulledMedia:
        facts = {"attempt": self.attempt, "media": self.medium, "position": 0}
        return PulledMedia.objects.create(**(facts | fields))

    def an_api_key(self) -> "models.QuerySet[ApiKey]":
        membership = Membership.objects.get(user=self.author, workspace=self.workspace)
        key, _ = ApiKey.make(membership, name="a program", scopes=[Scope.READ], lasts=None)
        return ApiKey.objects.filter(pk=key.pk)

    def an_invitation(self, **fields: Any) -> None:
        facts = {"workspace": self.workspace, "email": "bob@example.com", "role": Role.EDITOR}
        facts |= {"digest": "a digest", "expires_at": timezone.now()}
        Invitation.objects.create(**(facts | fields))

    def two_invitations(self) -> None:
        self.an_invitation()
        self.an_invitation(digest="another")

    def an_upload(self, **fields: Any) -> None:
        facts: dict[str, Any] = {
            "size": 1_000,
            "part_size": 100,
            "expires_at": timezone.now() + timedelta(hours=1),
        }
        Upload.objects.create(workspace=self.workspace, media=self.medium, **(facts | fields))


Attack = Callable[[Scene], object]

ATTACKS: dict[str, list[Attack]] = {
    # accounts
    "a_week_begins_on_monday_saturday_or_sunday": [
        lambda scene: User.objects.update(week_starts_on=2),
    ],
    "an_account_is_connected_once_in_this_installation": [
        lambda scene: a_channel(scene.workspace, scene.channel.username),
    ],
    "a_connected_channel_has_tokens": [
        lambda scene: Channel.objects.update(refresh_token_sealed=""),
    ],
    "a_person_is_a_member_of_a_workspace_once": [
        lambda scene: Membership.objects.create(
            workspace=scene.workspace, user=scene.author, role=Role.VIEWER
        ),
    ],
    "an_api_key_is_known_by_a_digest": [lambda scene: scene.an_api_key().update(digest="")],
    "an_api_key_says_what_it_may_do": [lambda scene: scene.an_api_key().update(scopes=[])],
    "an_idempotency_key_is_answered_once": [
        lambda scene: [
            RememberedAnswer.objects.create(whose="alice", key="1", lease_until=timezone.now())
            for _ in range(2)
        ],
    ],
    # posts
    "a_post_goes_to_a_channel_once": [
        lambda scene: Publication.objects.create(post=scene.post, channel=scene.channel),
    ],
    "a_channel_sends_one_publication_at_a_time": [Scene.two_are_sending],
    "nothing_goes_out_without_approval_and_time": [
        lambda scene: scene.publication_becomes(approval=None),
        lambda scene: scene.publication_becomes(due_at=None),
        lambda scene: scene.publication_becomes(state=State.SENDING, approval=None),
        lambda scene: scene.publication_becomes(state=State.PROCESSING, due_at=None),
    ],
    "a_next_step_exactly_while_a_machine_can_take_it": [
        lambda scene: scene.publication_becomes(next_step_at=None),
        lambda scene: scene.publication_becomes(state=State.DRAFT),
        lambda scene: scene.publication_becomes(state=State.CANCELED),
        lambda scene: scene.publication_becomes(state=State.UNCONFIRMED),
        lambda scene: scene.publication_becomes(state=State.SENDING, next_step_at=None),
    ],
    "published_exactly_when_published_at": [
        lambda scene: scene.publication_becomes(state=State.PUBLISHED),
        lambda scene: scene.publication_becomes(published_at=timezone.now()),
    ],
    "held_exactly_when_there_is_a_reason": [
        lambda scene: scene.publication_becomes(state=State.HELD, next_step_at=None),
        lambda scene: scene.publication_becomes(held_reason=HeldReason.CAP),
    ],
    "what_is_sent_back_says_what_should_change": [
        lambda scene: scene.a_request(sent_back_at=timezone.now()),
        lambda scene: scene.a_request(sent_back_note="Too loud."),
    ],
    "a_comment_says_something": [
        lambda scene: scene.post.comments.create(by=scene.author, text=""),
    ],
    "a_person_mutes_a_kind_once": [
        lambda scene: [scene.author.muted_kinds.create(kind="failed") for _ in range(2)],
    ],
    "what_failed_says_why": [
        lambda scene: scene.publication_becomes(state=State.FAILED, next_step_at=None),
    ],
    "a_place_in_a_publication_holds_one_medium": [
        lambda scene: scene.publication.items.create(media=scene.medium, position=0),
    ],
    "a_place_in_a_post_holds_one_medium": [
        lambda scene: scene.post.items.create(media=scene.medium, position=0),
    ],
    "attempts_are_numbered_without_repeats": [
        lambda scene: scene.another_attempt(
            number=1, verdict=Verdict.FAILED, settled_at=timezone.now()
        ),
    ],
    "a_publication_has_one_open_attempt_at_the_most": [
        lambda scene: scene.another_attempt(number=2),
    ],
    "an_attempt_is_settled_exactly_when_it_has_a_verdict": [
        lambda scene: scene.attempt_becomes(verdict=Verdict.FAILED),
        lambda scene: scene.attempt_becomes(settled_at=timezone.now()),
    ],
    "no_last_block_without_a_publish_id": [
        lambda scene: scene.attempt_becomes(finishing_at=timezone.now(), publish_id=None),
    ],
    "one_heartbeat_a_process": [
        lambda scene: [
            Heartbeat.objects.create(kind=Kind.WORKER, name="one", at=timezone.now())
            for _ in range(2)
        ],
    ],
    "there_is_one_installation": [
        lambda scene: Installation.objects.create(id=2, identity="elsewhere"),
    ],
    "ready_media_have_their_bytes_and_digest": [
        lambda scene: Media.objects.update(sha256=""),
        lambda scene: Media.objects.update(storage_key=""),
        lambda scene: Media.objects.create(
            workspace=scene.workspace, name="empty", state=MediaState.READY
        ),
    ],
    "a_person_is_told_the_same_thing_once": [
        lambda scene: (scene.a_notification(key="same"), scene.a_notification(key="same")),
    ],
    "a_mail_that_was_sent_is_not_due": [
        lambda scene: scene.a_notification(mail_at=timezone.now(), mailed_at=timezone.now()),
    ],
    "a_place_in_an_attempt_has_one_address": [
        lambda scene: (scene.an_address(key_digest="a"), scene.an_address(key_digest="b")),
    ],
    "nothing_is_fetched_first_after_its_address_was_closed": [
        lambda scene: scene.an_address(
            closed_at=timezone.now() - timedelta(seconds=1), first_fetched_at=timezone.now()
        ),
    ],
    "an_address_has_one_open_invitation_to_a_workspace": [
        lambda scene: scene.two_invitations(),
    ],
    "an_invitation_is_accepted_or_revoked_and_not_both": [
        lambda scene: scene.an_invitation(accepted_at=timezone.now(), revoked_at=timezone.now()),
    ],
    "an_invitation_is_known_by_a_digest": [lambda scene: scene.an_invitation(digest="")],
    "an_audit_entry_names_an_act": [
        lambda scene: AuditEntry.objects.create(workspace=scene.workspace, act="juggled"),
        lambda scene: AuditEntry.objects.create(workspace=scene.workspace, act=Act.LEFT.label),
    ],
    "an_upload_has_a_size_and_an_end": [
        lambda scene: scene.an_upload(size=0),
        lambda scene: scene.an_upload(part_size=0),
        lambda scene: scene.an_upload(expires_at=timezone.now() - timedelta(seconds=1)),
    ],
}


def constraints() -> dict[str, tuple[type[models.Model], models.BaseConstraint]]:
    tables = [*apps.get_app_config("accounts").get_models()]
    tables += apps.get_app_config("posts").get_models()
    return {each.name: (table, each) for table in tables for each in table._meta.constraints}


def held_by(error: IntegrityError) -> str:
    """The name of the constraint that held; on SQLite, for what is unique, its columns."""
    if isinstance(error.__cause__, psycopg.Error):
        return str(error.__cause__.diag.constraint_name)
    return str(error).partition("constraint failed: ")[2]


def name_in_database(name: str) -> str:
    table, constraint = constraints()[name]
    if connection.vendor == "postgresql" or not isinstance(constraint, models.UniqueConstraint):
        return name
    columns = {field.name: field.column for field in table._meta.concrete_fields}
    return ", ".join(f"{table._meta.db_table}.{columns[name]}" for name in constraint.fields)


@pytest.fixture
def scene(monkeypatch, alice, workspace):
    register_plain(monkeypatch)
    return Scene(a_publication(alice, a_channel(workspace)), alice)


def test_every_constraint_is_attacked():
    assert set(ATTACKS) == set(constraints())


@pytest.mark.parametrize(
    ("name", "attack"), [(name, attack) for name, attacks in ATTACKS.items() for attack in attacks]
)
def test_the_constraint_holds(name, attack, scene):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        attack(scene)
    assert held_by(caught.value) == name_in_database(name)


def test_a_publish_id_belongs_to_one_attempt(scene):
    scene.attempt_becomes(verdict=Verdict.FAILED, settled_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        scene.another_attempt(number=2, publish_id=scene.attempt.publish_id)


def test_what_was_disconnected_does_not_stand_in_the_way(scene):
    scene.channel.forget_tokens("disconnected by Alice")
    again = a_channel(scene.workspace, scene.channel.username)
    assert (again.health, scene.channel.health) == (Health.CONNECTED, Health.DISCONNECTED)
