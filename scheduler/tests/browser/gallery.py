"""A house in which there is something to see on every page. Runs inside the house's processes."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import ApiKey, Channel, Scope, User, Workspace
from posts.media.probe import examine
from posts.media.sample import make_sample_video
from posts.models import Media, Publication
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
    cats.mark_needs_reconnect("TikTok took the permission back.")
    park(cats, because="TikTok took the permission back")
    membership = workspace.memberships.get(user=dana)
    key, _ = ApiKey.make(membership, name="Nightly import", scopes=[Scope.READ], lasts=None)
    return {
        "workspace_id": workspace.pk,
        "channel_id": hills.pk,
        "key_id": key.pk,
        "media_id": str(shown[State.PUBLISHED].shown_media[0].pk),
        "post_id": shown[State.PUBLISHED].post_id,
        "publication_id": shown[State.DELIVERED].pk,
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
