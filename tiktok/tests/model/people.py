"""What people do, each as one request: it reads anew, acts, and takes a refusal for an answer."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Channel, Health, User, Workspace
from posts import planning, reconciling
from posts.errors import PublicationError
from posts.models import Media, Post, Publication
from posts.parking import park, unpark, unpark_forgotten
from posts.states import HeldReason, State
from tiktok import oauth, webhooks
from tiktok.models import ConnectState, PostMode, TikTokOptions
from tiktok.oauth import Grant
from tiktok.publishing import hearing
from tiktok.tests.model.pretend import PUBLIC, PretendTikTok, Upload
from tiktok.tokens import split_scopes


@dataclass
class World:
    alice: User
    workspace: Workspace
    channel: Channel
    media: list[Media]
    tiktok: PretendTikTok
    publications: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Wish:
    """What an act is about: a publication, and something to choose by."""

    pk: int
    number: int

    @property
    def row(self) -> Publication:
        return Publication.objects.get(pk=self.pk)

    @property
    def due_at(self) -> Any:
        return timezone.now() + timedelta(minutes=(0, 1, 10, 90)[self.number % 4])


Act = Callable[[World, Wish], object]


def _content(world: World, wish: Wish) -> planning.Content:
    return planning.Content(
        caption=f"post {wish.pk}, version {wish.number}",
        media=[world.media[wish.number % len(world.media)]],
        channel=world.channel,
    )


def options(number: int) -> dict[str, Any]:
    inbox = number % 5 == 4
    return {
        "mode": PostMode.INBOX if inbox else PostMode.DIRECT,
        "privacy_level": "" if inbox else (PUBLIC, "SELF_ONLY")[number % 2],
        "allow_comment": number % 3 == 0,
        "allow_duet": number % 4 == 0,
        "brand_organic": number % 7 == 0,
    }


def edit_and_schedule(world: World, wish: Wish) -> None:
    planning.schedule_post(
        by=world.alice,
        workspace=world.workspace,
        content=_content(world, wish),
        options=options(wish.number),
        due_at=wish.due_at,
        post=wish.row.post,
    )


def save_draft(world: World, wish: Wish) -> None:
    planning.save_draft(
        by=world.alice,
        workspace=world.workspace,
        content=_content(world, wish),
        post=wish.row.post,
        due_at=wish.due_at,
    )


ACTS: dict[str, Act] = {
    "edits and schedules": edit_and_schedule,
    "saves as a draft": save_draft,
    "schedules": lambda world, wish: wish.row.schedule(wish.due_at, by=world.alice),
    "reschedules": lambda world, wish: wish.row.reschedule(wish.due_at, by=world.alice),
    "publishes now": lambda world, wish: wish.row.publish_now(by=world.alice),
    "cancels": lambda world, wish: wish.row.cancel(by=world.alice),
    "undoes the cancel": lambda world, wish: wish.row.undo_cancel(by=world.alice),
    "pauses": lambda world, wish: wish.row.pause(by=world.alice),
    "resumes": lambda world, wish: wish.row.resume(by=world.alice),
    "tries again": lambda world, wish: wish.row.retry(by=world.alice),
    "asks for approval": lambda world, wish: wish.row.ask_for_approval(
        by=world.alice, due_at=wish.due_at
    ),
    "approves": lambda world, wish: wish.row.approve(by=world.alice, due_at=wish.due_at),
    "sends back": lambda world, wish: wish.row.send_back(by=world.alice, note="not yet"),
    "takes back": lambda world, wish: wish.row.take_back(by=world.alice),
    "says it is live": lambda world, wish: wish.row.confirm_live(by=world.alice),
    "takes back the word": lambda world, wish: wish.row.take_back_word(by=world.alice),
    "checks again": lambda world, wish: wish.row.check_again(by=world.alice),
    "sends again": lambda world, wish: wish.row.schedule(
        timezone.now(), by=world.alice, send_again=True
    ),
    "archives": lambda world, wish: planning.archive(wish.row.post, by=world.alice),
}


# What is worth trying where; everything else is refused, which is tried less often.
_ANEW = [
    "edits and schedules",
    "publishes now",
    "edits and schedules",
    "reschedules",
    "saves as a draft",
]
SENSIBLE: dict[State, list[str]] = {
    State.DRAFT: ["schedules", "edits and schedules", "asks for approval", "archives"],
    State.AWAITING_APPROVAL: ["approves", "schedules", "sends back", "takes back", "cancels"],
    State.SCHEDULED: [*_ANEW, "pauses", "cancels", "asks for approval"],
    State.SENDING: ["cancels"],
    State.PROCESSING: ["cancels", "edits and schedules"],
    State.DELIVERED: ["says it is live", "sends again", "cancels"],
    State.PUBLISHED: ["takes back the word"],
    State.HELD: [*_ANEW, "resumes", "pauses", "cancels", "asks for approval"],
    State.FAILED: [*_ANEW, "tries again", "cancels"],
    State.UNCONFIRMED: ["checks again", "says it is live", "sends again", "cancels"],
    State.CANCELED: ["undoes the cancel", "archives"],
}


def act(world: World, wish: Wish, name: str = "") -> None:
    """What somebody does who sees the post as it is; or `name`, whatever it is."""
    acts = SENSIBLE[State(wish.row.state)]
    with suppress(PublicationError):
        ACTS[name or acts[wish.number % len(acts)]](world, wish)


ON_THE_ROAD: dict[State, str] = {
    State.DRAFT: "schedules",
    State.AWAITING_APPROVAL: "schedules",
    State.HELD: "publishes now",
    State.FAILED: "tries again",
    State.UNCONFIRMED: "checks again",
}


def compose(world: World, number: int) -> None:
    """A new post, to go out at once."""
    post = Post.objects.create(
        workspace=world.workspace, author=world.alice, caption=f"post {number}"
    )
    post.set_media([world.media[number % len(world.media)]])
    publication = Publication.objects.create(post=post, channel=world.channel)
    TikTokOptions.objects.create(publication=publication, **options(number))
    world.publications.append(publication.pk)
    act(world, Wish(publication.pk, 0), "schedules")


def keep_it_going(world: World) -> None:
    """Nothing is due any more: the account is mended, posts are sent on, or there is a new one."""
    if not _channel(world).is_usable:
        let_account_go_on(world)
        reconnect(world)
    for row in Publication.objects.filter(pk__in=world.publications, state__in=ON_THE_ROAD):
        act(world, Wish(row.pk, 0), ON_THE_ROAD[State(row.state)])
    if Publication.next_moment() is None:
        compose(world, len(world.publications))


def disconnect(world: World, *, now: bool) -> None:
    with suppress(oauth.StillBusy):
        oauth.disconnect(_channel(world), by=world.alice, now=now)


def reconnect(world: World) -> None:
    asked = ConnectState.objects.create(
        asked_by=world.alice, workspace=world.workspace, reconnects=_channel(world)
    )
    tokens = world.tiktok.grant_tokens()
    now = timezone.now()
    oauth.finish(
        asked,
        Grant(
            open_id=tokens["open_id"],
            scopes=tuple(sorted(split_scopes(tokens["scope"]))),
            access_token=tokens["access_token"],
            refresh_token=tokens["refresh_token"],
            access_expires_at=now + timedelta(seconds=tokens["expires_in"]),
            refresh_expires_at=now + timedelta(seconds=tokens["refresh_expires_in"]),
            display_name="Alice Films",
            username="alice.films",
        ),
    )


def pause_account(world: World) -> None:
    usable = Channel.objects.filter(pk=world.channel.pk, health=Health.CONNECTED)
    if usable.update(health=Health.PAUSED):
        park(_channel(world), because="the account is paused", reason=HeldReason.CHANNEL_PAUSED)


def let_account_go_on(world: World) -> None:
    paused = Channel.objects.filter(pk=world.channel.pk, health=Health.PAUSED)
    if paused.exclude(refresh_token_sealed="").update(health=Health.CONNECTED):
        unpark(_channel(world), because="the account goes on")


def tell_of(upload: Upload, number: int) -> None:
    """TikTok tells of one of its posts; some things twice, and some that are not true yet."""
    names = {0: webhooks.COMPLETE, 1: webhooks.FAILED, 2: webhooks.DELIVERED, 3: webhooks.AVAILABLE}
    event = webhooks.Webhook(
        event=names[number % 4],
        happened_at=timezone.now(),
        open_id="open-alice",
        content={"publish_id": upload.publish_id, "reason": "internal"},
    )
    hearing.hear(event, f"{event}, {number // 4}".encode())


def tidy(world: World) -> None:
    """What is done every few minutes, for all."""
    unpark_forgotten()
    hearing.tidy()


def reconcile(world: World) -> None:
    list(reconciling.reconcile(reconciling.to_reconcile()))


# What happens around a post: ways back are chosen more often than ways out.
AROUND: dict[str, Callable[[World], None]] = {
    "everything is tidied": tidy,
    "an operator reconciles": reconcile,
    "the account is connected again": reconnect,
    "the account is connected once more": reconnect,
    "the account goes on": let_account_go_on,
    "the account is disconnected": lambda world: disconnect(world, now=False),
    "the account is disconnected now": lambda world: disconnect(world, now=True),
    "the account is paused": pause_account,
    "TikTok ends the access": lambda world: world.tiktok.remove_access(),
}


def _channel(world: World) -> Channel:
    return Channel.objects.get(pk=world.channel.pk)
