"""The mails of notifications: claimed by their rows, sent at least once, tried again with pauses.

A worker that dies between sending a mail and writing that down sends it once more, under the same
Message-ID. A mail server that is away is waited for; what is told meanwhile goes along.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.letters import where_from
from posts.models import Notification, NotificationKind, Publication
from posts.models.telling import SEVERAL
from posts.platforms import platform_of
from posts.states import State

log = logging.getLogger(__name__)

MOST_ITEMS = 20  # in one mail; the posts' list has the rest
CLAIM_SECONDS = 120.0  # longer than a mail server that answers each line just in time
NOT_SENT = (SMTPException, OSError)


@dataclass(frozen=True, slots=True)
class Item:
    """One notification in a mail, with the page that helps."""

    notification: Notification
    url: str
    button: str
    caption: str = ""  # to be copied from the mail itself

    @classmethod
    def of(cls, notification: Notification) -> "Item":
        publication, comment = notification.publication, notification.comment
        if comment is not None:
            page = f"{reverse('posts:detail', args=[comment.post_id])}#comment-{comment.pk}"
            return cls(notification, f"{settings.SITE_URL}{page}", "Go to the comment")
        if publication is None:
            page = reverse("accounts:channels")
            return cls(notification, f"{settings.SITE_URL}{page}", "Go to the accounts")
        if notification.kind == NotificationKind.DRAFT_WAITING:
            page = reverse("posts:finish", args=[publication.pk])
            caption, label = publication.shown_caption, platform_of(publication.channel).label
            return cls(notification, f"{settings.SITE_URL}{page}", f"Finish it in {label}", caption)
        page = reverse("posts:detail", args=[publication.post_id])
        return cls(notification, f"{settings.SITE_URL}{page}", "Look at the post")


def next_due() -> datetime | None:
    """When somebody is to be mailed, or reminded, next."""
    moments = (Notification.next_mail(), Publication.next_reminder())
    return min((moment for moment in moments if moment), default=None)


def is_due() -> bool:
    moment = next_due()
    return moment is not None and moment <= timezone.now()


def tell_people() -> None:
    """The whole of it, once: what is due is told."""
    remind_of_drafts()
    send_letters()


def remind_of_drafts() -> None:
    """Tell the people of each draft that has waited for so long."""
    due = Publication.objects.filter(state=State.DELIVERED, remind_at__lte=timezone.now())
    for pk in due.values_list("pk", flat=True):
        with transaction.atomic():
            Publication.locked(pk).remind()


def send_letters() -> None:
    """Send every mail that is due, one after the other over one connection."""
    connection: BaseEmailBackend = get_connection()
    try:
        while letter := Notification.claim_mail(seconds=CLAIM_SECONDS):
            news = [each for each in letter if not each.is_outdated]
            old = [each for each in letter if each not in news]
            Notification.settle_mail(old, sent=False)
            if news:
                _send(news, connection)
    finally:
        connection.close()


def _send(letter: list[Notification], connection: BaseEmailBackend) -> None:
    ids = [each.pk for each in letter]
    try:
        connection.open()
        written(letter, connection).send()
    except SMTPRecipientsRefused as error:
        if all(500 <= code < 600 for code, _ in error.recipients.values()):
            log.warning("the address of person %s takes no mail: %s", letter[0].person_id, error)
            Notification.settle_mail(letter, sent=False)
            return
        _try_later(letter, error)
    except NOT_SENT as error:
        connection.close()
        _try_later(letter, error)
    else:
        Notification.settle_mail(letter, sent=True)
        log.info("mailed notifications %s", ids)


def _try_later(letter: list[Notification], error: Exception) -> None:
    ids = [each.pk for each in letter]
    if Notification.mail_later(letter):
        log.warning("the mail of notifications %s waits for its next try: %s", ids, error)
    else:
        log.error("the mail of notifications %s is given up: %s", ids, error)


def written(letter: list[Notification], connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """One mail for all of `letter`, which are of one kind and for one person."""
    [first, *more] = letter
    kind = NotificationKind(first.kind)
    told = SEVERAL[kind].format(count=len(letter)) if more else first.subject
    subject = " ".join(told.split())  # a line break would end the header
    context = {
        "subject": subject,
        "items": [Item.of(each) for each in letter[:MOST_ITEMS]],
        "more": max(len(letter) - MOST_ITEMS, 0),
        "kinds_url": f"{settings.SITE_URL}{reverse('posts:notifications')}",
        "more_url": f"{settings.SITE_URL}{reverse('posts:list')}",
        "person": first.person,
    } | where_from()
    with timezone.override(first.person.zone):
        text = render_to_string("posts/email/told.txt", context)
        html = render_to_string("posts/email/told.html", context)
    mail = EmailMultiAlternatives(
        subject,
        text,
        to=[first.person.email],
        headers={"Message-ID": _message_id(letter), "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    mail.attach_alternative(html, "text/html")
    return mail


def _message_id(letter: list[Notification]) -> str:
    """The same for the same news, so that a mail sent twice can be known by it."""
    ids = ",".join(str(each.pk) for each in letter)
    digest = hashlib.sha256(f"{settings.INSTALLATION_ID}:{ids}".encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>"
