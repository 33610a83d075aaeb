"""What Django-Q runs. A task decides nothing, and is safe to run twice, late or never."""

import logging

from posts import lifeline
from posts.draining import Drain
from posts.models.heartbeat import Heartbeat, Kind
from posts.seats import seat

log = logging.getLogger(__name__)


def drain(hint: str = "") -> None:
    """There is work: do what is due until nothing is. `hint` names the word that it follows."""
    Heartbeat.end(Kind.HINT, hint)
    with seat() as free:
        if free:
            Drain(stop=lifeline.going_away).run()


def canary(name: str) -> None:
    """Show that a task still gets through the cluster."""
    Heartbeat.end(Kind.CANARY, name)
