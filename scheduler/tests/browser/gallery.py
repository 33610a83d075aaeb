"""A house in which there is something to see on every page. Runs inside the house's processes."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts import members
from accounts.models import ApiKey, Channel, Invitation, Membership, Role, Scope, User, Workspace
from accounts.models.invitation import GOOD_FOR
from posts.commenting import add_comment
from posts.copies import make_copy
from posts.media.probe import examine
from posts.media.sample import make_sample_video
from posts.models import Comment, Media, Publication
from posts.parking import park
from posts.states import State
from posts.tests.walk import bring
from tiktok.tests import stage

CAPTIONS = {
    State.DRAFT: "Notes for a film about ropes",
    State.AWAITING_APPROVAL: "Sunrise over the ridge #morning",
    State.HELD: "Rain on the roof, an hour of it",
    State.CANCELED: "The last swim of the year",
    State.SENDING: "A ferry leaves",
    State.PROCESSING: "Bread at four in the morning",
    State.DELIVERED: "How we paint a sign by hand",
    State.PUBLISHED: "First light, first coffee",
    State.FAILED: "Low tide at the harbour, and the boats lie on the sand #tide",
    State.UNCONFIRMED: "Cats of the harbour, part three",
}
PLANNED = {
    1: "Fog lifts off the bay",
    5: "Evening light in the old town #light",
    26: "Three ways to tie a boat",
    50: "The market on Saturday",
}  # by hours from now


@dataclass(frozen=True)
class Film:
    """One video for all of them, with its poster."""

    file: Path
    poster: bytes

    def medium(self, workspace: Workspace) -> Media:
        medium = stage.stored_medium(workspace, self.file)
        medium.poster_key = default_storage.save("media/poster.jpg", ContentFile(self.poster))
        medium.save(update_fields=["poster_key"])
        return medium


def fill() -> dict[str, object]:
    """Returns what the names in addresses stand for, and each state's post as `post in <state>`."""
    dana = stage.person("dana", time_zone="Europe/Berlin", first_name="Dana", last_name="Draws")
    workspace = Workspace.personal_for(dana)
    hills = stage.connected_channel(workspace, "hills.and.sea")
    cats = stage.connected_channel(workspace, "harbour.cats")
    with TemporaryDirectory() as folder:
        film = _film(Path(folder))
        shown = {
            state: _in_state(state, dana, stage.connected_channel(workspace, f"dana.{state}"), film)
            for state in CAPTIONS
        }
        for hours, caption in PLANNED.items():
            _planned(dana, hills, film, caption, hours)
        _planned(dana, cats, film, "A kitten and a rope", 3)
        cleo = _contributor(workspace)
        comment = _asked_again(shown[State.AWAITING_APPROVAL], cleo, dana)
        sent_back = _sent_back(stage.composed(cleo, hills, [film.medium(workspace)]), cleo, dana)
    cats.mark_needs_reconnect("TikTok took the permission back.")
    park(cats, because="TikTok took the permission back")
    membership = workspace.memberships.get(user=dana)
    make_copy(workspace, by=dana)
    invitation, secret = _invited(workspace, dana)
    key, _ = ApiKey.make(membership, name="Nightly import", scopes=[Scope.READ], lasts=None)
    return {
        "workspace_id": workspace.pk,
        "channel_id": hills.pk,
        "membership_id": _cleos(workspace, cleo, dana).pk,
        "invitation_id": invitation.pk,
        "secret": secret,
        "key_id": key.pk,
        "media_id": str(shown[State.PUBLISHED].shown_media[0].pk),
        "post_id": shown[State.PUBLISHED].post_id,
        "publication_id": shown[State.DELIVERED].pk,
        "comment_id": comment.pk,
        "post in sent back": sent_back.post_id,
    } | {f"post in {state}": publication.post_id for state, publication in shown.items()}


def _film(folder: Path) -> Film:
    file, poster = folder / "Sunrise over the ridge.mp4", folder / "poster.jpg"
    make_sample_video(file, seconds=3, width=540, height=960)
    examine(file, poster_path=poster)
    return Film(file, poster.read_bytes())


def _in_state(state: State, by: User, channel: Channel, film: Film) -> Publication:
    medium = film.medium(channel.workspace)
    return bring(stage.composed(by, channel, [medium], caption=CAPTIONS[state]), state, by=by)


def _planned(by: User, channel: Channel, film: Film, caption: str, hours: int) -> None:
    publication = stage.composed(by, channel, [film.medium(channel.workspace)], caption=caption)
    publication.schedule(timezone.now() + timedelta(hours=hours), by=by)


def _contributor(workspace: Workspace) -> User:
    cleo = stage.person("cleo", first_name="Cleo", last_name="Cuts")
    workspace.memberships.create(user=cleo, role=Role.CONTRIBUTOR)
    return cleo


def _asked_again(publication: Publication, author: User, editor: User) -> Comment:
    """Sent back once, talked about, changed, and asked for again."""
    post, tomorrow = publication.post, timezone.now() + timedelta(days=1)
    publication.take_back(by=editor)
    post.author = author
    post.save()
    publication.ask_for_approval(by=author, due_at=tomorrow, note="Is the end too long?")
    publication.send_back(by=editor, note="Yes. And say where it is.")
    add_comment(post, by=author, text="@dana, may I name the valley?\nSome like to keep it quiet.")
    comment = add_comment(post, by=editor, text="The ridge is enough, @cleo.")
    post.caption = "Sunrise over the ridge, above the fog #morning #ridge"
    post.save()
    later = tomorrow + timedelta(hours=2)
    publication.ask_for_approval(by=author, due_at=later, note="Shorter now, and with the fog.")
    return comment


def _sent_back(publication: Publication, author: User, editor: User) -> Publication:
    publication.ask_for_approval(by=author, due_at=None)
    publication.send_back(by=editor, note="Too dark.\nTake the one from the bridge.")
    return publication


def _cleos(workspace: Workspace, cleo: User, owner: User) -> Membership:
    """Somebody whose role has changed."""
    membership = workspace.memberships.get(user=cleo)
    members.change_role(membership, Role.VIEWER, by=owner)
    members.change_role(membership, Role.CONTRIBUTOR, by=owner)
    return membership


def _invited(workspace: Workspace, by: User) -> tuple[Invitation, str]:
    """Two have not answered yet, one of them for too long."""
    late = Invitation(workspace=workspace, email="otto@example.com", role=Role.VIEWER)
    to_elsewhere = Workspace.objects.create(name="Harbour films")
    to_elsewhere.memberships.create(user=stage.person("olaf"), role=Role.OWNER)
    late.renew()
    Invitation.objects.update(expires_at=timezone.now(), mailed_at=timezone.now() - GOOD_FOR)
    asked = Invitation(workspace=workspace, email="ella@example.com", role=Role.EDITOR)
    asked.invited_by = by
    asked.renew()
    asked.mailed_at = timezone.now()
    asked.save()
    hers = Invitation(workspace=to_elsewhere, email="dana@example.com", role=Role.EDITOR)
    hers.invited_by = User.objects.get(username="olaf")
    return asked, hers.renew()
