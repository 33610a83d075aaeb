"""What a press of a button has led to, said by several pages in the same words."""

from datetime import datetime

from posts.models import Publication
from posts.platforms import platform_of


def on_its_way(publication: Publication) -> str:
    if publication.ends_as_draft:
        return (
            f"On its way to the {_label(publication)} inbox, as a draft. It may take a few minutes "
            "until it is there; you finish it there."
        )
    return "On its way. It may take a few minutes until it is processed and visible."


def planned_for(publication: Publication, local: datetime) -> str:
    """`local`: its time, in the zone of whoever reads this."""
    said = f"Scheduled for {local:%A, %d %B, %H:%M} ({local.tzname()})."
    if publication.ends_as_draft:
        return f"{said} It goes to the {_label(publication)} inbox then, and you finish it there."
    return said


def _label(publication: Publication) -> str:
    return platform_of(publication.channel).label
