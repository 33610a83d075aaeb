"""Telling people what happened: a row for each person; mails follow from it.

Call it inside the transaction of what it tells of: told is then exactly what happened.
"""

from django.utils import timezone

from accounts.models import Channel, Workspace
from accounts.permissions import Right, people_with
from posts.models import Notification, NotificationKind, Publication


def tell(
    workspace: Workspace,
    kind: NotificationKind,
    *,
    key: str,
    subject: str,
    text: str,
    publication: Publication | None = None,
    channel: Channel | None = None,
) -> int:
    """Tell everybody who can do something about it, each once for one `key`; returns how many.

    That is who may publish in the workspace, and the author of the publication.
    """
    people = set(people_with(Right.PUBLISH, workspace))
    if publication is not None and publication.post.author is not None:
        people |= {publication.post.author} & set(people_with(Right.SEE, workspace))
    told = Notification.objects.bulk_create(
        [
            Notification(
                person=person,
                workspace=workspace,
                kind=kind,
                key=key,
                publication=publication,
                channel=channel,
                subject=subject[:200],
                text=text,
                mail_at=timezone.now(),
            )
            for person in people
        ],
        ignore_conflicts=True,
    )
    return len(told)
