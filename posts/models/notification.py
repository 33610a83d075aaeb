"""Something a person is told, on their pages and by mail."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Max, Min, Q
from django.utils import timezone

from accounts.models import Channel, User, Workspace
from accounts.permissions import role_of


class NotificationKind(models.TextChoices):
    FAILED = "failed", "A post failed"
    ATTENTION = "attention", "A post needs attention"
    DISCONNECTED = "disconnected", "An account is disconnected"
    TOKEN_ENDING = "token_ending", "An account's access ends soon"
    APPROVAL_ASKED = "approval_asked", "Approval is asked"
    APPROVAL_GIVEN = "approval_given", "Approval is given"
    SENT_BACK = "sent_back", "A post is sent back"
    MENTIONED = "mentioned", "Somebody mentions you"
    DRAFT_WAITING = "draft_waiting", "A draft waits in TikTok"


# Of one kind a person gets one mail within that time; what comes meanwhile goes in the next.
GATHERED = timedelta(minutes=5)
GATHERED_FOR_A_PHONE = timedelta(minutes=1)  # a draft waits for the person, who waits for it
# Before the next try of a mail that could not be sent; after the last it is given up.
MAIL_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (0.25, 1, 5, 15, 60, 120, 240, 480))
UNTIL_IT_MOVES = "until-it-moves:"  # begins the key of what is no news once the post has moved on
STALE = timedelta(days=1)  # then it is no news any more, and stays on the pages alone


class Notification(models.Model):
    """Written in the transaction of what it tells of; the mail follows, and may be tried again."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications"
    )
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=NotificationKind)
    key = models.CharField(
        max_length=200, help_text="What it is about: the same is not told to a person twice."
    )
    publication = models.ForeignKey(
        "posts.Publication", models.CASCADE, null=True, blank=True, related_name="notifications"
    )
    channel = models.ForeignKey(
        Channel, models.CASCADE, null=True, blank=True, related_name="notifications"
    )
    comment = models.ForeignKey(
        "posts.Comment", models.CASCADE, null=True, blank=True, related_name="notifications"
    )
    subject = models.CharField(max_length=200)
    text = models.TextField(help_text="What happened, and what to do, in sentences.")
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    mail_at = models.DateTimeField(
        null=True, blank=True, help_text="When its mail is due, or again; empty: none is."
    )
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key"], name="a_person_is_told_the_same_thing_once"
            ),
            models.CheckConstraint(
                condition=Q(mail_at=None) | Q(mailed_at=None),
                name="a_mail_that_was_sent_is_not_due",
            ),
        ]
        indexes = [
            models.Index(
                fields=["mail_at"], condition=Q(mail_at__isnull=False), name="notification_to_mail"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_outdated(self) -> bool:
        """Somebody has acted since, or it went on by itself: no mail is worth sending.

        Nor may it be sent to who has left the workspace: it tells of what is inside.
        """
        if timezone.now() - self.created_at > STALE:
            return True
        if role_of(self.person, self.workspace) is None:
            return True
        if self.mail_tries > len(MAIL_PAUSES) + 1:  # whoever tried it has died of it, each time
            return True
        if self.publication is None or not self.key.startswith(UNTIL_IT_MOVES):
            return False
        return self.publication.moved_at > self.created_at

    @classmethod
    def next_mail(cls) -> datetime | None:
        """When the next mail is due."""
        moment: datetime | None = cls.objects.aggregate(at=Min("mail_at"))["at"]
        return moment

    @classmethod
    def claim_mail(cls, *, seconds: float) -> "list[Notification]":
        """Take what goes into one mail: all that is due to one person of one kind, oldest first.

        Empty when nothing is due. Another may try after `seconds`. The try is counted before it
        is made. What comes right after a mail of its kind waits, and goes in one with the others.
        """
        now = timezone.now()
        while True:
            due = cls.objects.filter(mail_at__lte=now)
            first = due.order_by("mail_at").first()
            if first is None:
                return []
            with transaction.atomic():
                # One at a time for each person, or two workers would send two mails at once.
                User.objects.select_for_update(no_key=True).get(pk=first.person_id)
                of_its_kind = cls.objects.filter(person=first.person_id, kind=first.kind)
                claimed = of_its_kind.filter(mail_at__lte=now)
                wait_until = _gathers_until(of_its_kind, NotificationKind(first.kind), now)
                if wait_until > now:
                    claimed.update(mail_at=wait_until)
                    continue
                ids = list(claimed.values_list("pk", flat=True))
                cls.objects.filter(pk__in=ids).update(
                    mail_at=now + timedelta(seconds=seconds), mail_tries=F("mail_tries") + 1
                )
            if ids:
                mine = cls.objects.filter(pk__in=ids).order_by("created_at", "pk")
                about = ("channel", "comment", "publication__post", "publication__channel")
                return list(mine.select_related("person", "workspace", *about))

    @classmethod
    def settle_mail(cls, letter: "list[Notification]", *, sent: bool) -> None:
        """Its mail is sent, or will never be."""
        mailed_at = timezone.now() if sent else None
        _as_claimed(letter).update(mail_at=None, mailed_at=mailed_at)

    @classmethod
    def mail_later(cls, letter: "list[Notification]") -> bool:
        """It could not be sent now. False: it was tried often enough, and is given up."""
        tries = max(each.mail_tries for each in letter)
        if tries > len(MAIL_PAUSES):
            cls.settle_mail(letter, sent=False)
            return False
        _as_claimed(letter).update(mail_at=timezone.now() + MAIL_PAUSES[tries - 1])
        return True


def _gathers_until(
    of_its_kind: models.QuerySet[Notification], kind: NotificationKind, now: datetime
) -> datetime:
    """Until when the next mail of this kind to this person waits."""
    span = GATHERED_FOR_A_PHONE if kind == NotificationKind.DRAFT_WAITING else GATHERED
    last: datetime | None = of_its_kind.aggregate(at=Max("mailed_at"))["at"]
    # What is under way, or could not be sent: the next try of it takes all along.
    tried = of_its_kind.filter(mail_tries__gt=0, mail_at__gt=now)
    next_try: datetime | None = tried.aggregate(at=Max("mail_at"))["at"]
    return max(last + span if last else now, next_try or now)


def _as_claimed(letter: list[Notification]) -> models.QuerySet[Notification]:
    """The rows of `letter`, unless another worker has claimed them since."""
    claims = Q(pk__in=())
    for each in letter:
        claims |= Q(pk=each.pk, mail_tries=each.mail_tries)
    return Notification.objects.filter(claims, mailed_at=None)
