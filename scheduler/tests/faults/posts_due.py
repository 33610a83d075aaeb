"""Posts of a house, planned for tomorrow, until a test makes them due."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from accounts.models import User, Workspace
from posts.models import Media
from scheduler.tests.house import House
from tiktok.tests.stage import composed, connected_channel, person, stored_medium, stored_photo


@dataclass(frozen=True)
class Wanted:
    """A post of its own creator."""

    file: str
    mode: str = "direct"


@dataclass(frozen=True)
class Planned:
    publication: int
    channel: int
    handle: str


def plan_for_tomorrow(house: House, wanted: Iterable[Wanted]) -> list[Planned]:
    """One process plans them all, since each takes seconds to start."""
    listed = json.dumps([asdict(each) for each in wanted])
    said = house.shell(
        f"from {plan_here.__module__} import plan_here; print('planned', plan_here({listed!r}))"
    )
    return [Planned(*each) for each in json.loads(said.rsplit("planned ", 1)[1])]


def make_due(house: House, planned: Iterable[Planned]) -> None:
    ids = ", ".join(str(each.publication) for each in planned)
    house.ask_database(
        "UPDATE posts_publication SET due_at = now(), next_step_at = now()"
        f" WHERE id IN ({ids}) RETURNING id"
    )


def said_of(house: House, planned: Planned) -> str:
    """The state of the post, with the reason why it is held."""
    question = "SELECT state, held_reason FROM posts_publication WHERE id = "
    [(state, reason)] = house.ask_database(f"{question}{planned.publication}")
    return f"{state}: {reason}" if reason else str(state)


def plan_here(listed: str) -> str:
    """Inside of the house's own process."""
    wanted = [Wanted(**each) for each in json.loads(listed)]
    alice = User.objects.filter(username="alice").first() or person("alice")
    workspace = Workspace.personal_for(alice)
    media = {file: _stored(workspace, Path(file)) for file in {each.file for each in wanted}}
    planned = []
    for number, each in enumerate(wanted):
        handle = f"alice.{number:02d}"
        channel = connected_channel(workspace, handle)
        options = {"mode": each.mode} | ({"privacy_level": ""} if each.mode == "inbox" else {})
        publication = composed(alice, channel, [media[each.file]], **options)
        publication.schedule(timezone.now() + timedelta(days=1), by=alice)
        planned.append((publication.pk, channel.pk, handle))
    return json.dumps(planned)


def _stored(workspace: Workspace, file: Path) -> Media:
    store = stored_photo if file.suffix == ".jpg" else stored_medium
    return store(workspace, file)
