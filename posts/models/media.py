"""One file that somebody uploaded: what it is, where it lies, and whether it can be posted."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, ProtectedError, Q
from django.utils import timezone

from accounts.models import User, Workspace


class MediaKind(models.TextChoices):
    VIDEO = "video", "Video"
    PHOTO = "photo", "Photo"


class MediaState(models.TextChoices):
    UPLOADING = "uploading", "Uploading"
    CHECKING = "checking", "Checking"
    READY = "ready", "Ready"
    REJECTED = "rejected", "Not accepted"


class MediaInUse(Exception):
    for_people = (
        "A post has this file: take it out of the post first. A removed post keeps its files, "
        "since it can be brought back."
    )


class MediaQuerySet(models.QuerySet["Media"]):
    def in_workspaces_of(self, user: User) -> "MediaQuerySet":
        return self.filter(workspace__memberships__user=user)

    def ready(self) -> "MediaQuerySet":
        return self.filter(state=MediaState.READY)


class Media(models.Model):
    # Random, since it appears in addresses and in the names of files.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="media")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=MediaKind, default=MediaKind.VIDEO)
    name = models.CharField(max_length=200, help_text="What its owner calls it.")
    storage_key = models.CharField(max_length=300, blank=True)
    poster_key = models.CharField(max_length=300, blank=True)
    preview_key = models.CharField(max_length=300, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Lower-case hex.")
    content_type = models.CharField(max_length=100, blank=True)
    container = models.CharField(max_length=20, blank=True)
    video_codec = models.CharField(max_length=20, blank=True)
    audio_codec = models.CharField(max_length=20, blank=True)
    width = models.PositiveIntegerField(null=True, help_text="Pixels, as displayed.")
    height = models.PositiveIntegerField(null=True, help_text="Pixels, as displayed.")
    duration = models.FloatField(null=True, help_text="Seconds.")
    frame_rate = models.FloatField(null=True, help_text="Frames in a second.")
    state = models.CharField(max_length=20, choices=MediaState, default=MediaState.CHECKING)
    problems = models.JSONField(
        default=list, help_text="Why it was not accepted: a list of code and message."
    )
    check_at = models.DateTimeField(
        null=True, blank=True, default=timezone.now, help_text="When the check is due, or again."
    )
    check_tries = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MediaQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "media"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(sha256="") & ~Q(storage_key="")),
                name="ready_media_have_their_bytes_and_digest",
            ),
        ]
        indexes = [
            models.Index(fields=["check_at"], condition=Q(state="checking"), name="media_to_check"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_photo(self) -> bool:
        return self.kind == MediaKind.PHOTO

    @property
    def is_settled(self) -> bool:
        """Whether its check has ended, well or not."""
        return self.state in {MediaState.READY, MediaState.REJECTED}

    @property
    def is_ready(self) -> bool:
        return self.state == MediaState.READY

    @classmethod
    def claim_check(cls, *, seconds: float) -> "Media | None":
        """Take the next file that waits for its check; another may after `seconds`.

        The try is counted before the work, so that a file which kills its checker is not
        looked at forever.
        """
        now = timezone.now()
        waiting = cls.objects.filter(state=MediaState.CHECKING, check_at__lte=now)
        for medium in waiting.order_by("check_at")[:5]:
            if waiting.filter(pk=medium.pk, check_tries=medium.check_tries).update(
                check_at=now + timedelta(seconds=seconds), check_tries=F("check_tries") + 1
            ):
                medium.check_tries += 1
                return medium
        return None

    @classmethod
    def next_check(cls) -> datetime | None:
        """When the next file wants its check."""
        waiting = cls.objects.filter(state=MediaState.CHECKING)
        moment: datetime | None = waiting.aggregate(at=models.Min("check_at"))["at"]
        return moment

    def give_back_check(self) -> None:
        """Whoever had claimed the check goes away without having done it: it counts for nothing."""
        Media.objects.filter(
            pk=self.pk, state=MediaState.CHECKING, check_tries=self.check_tries
        ).update(check_at=timezone.now(), check_tries=F("check_tries") - 1)

    def accept(self, **facts: object) -> bool:
        """The check passed. False when somebody has deleted it meanwhile."""
        return self._settle(state=MediaState.READY, problems=[], **facts)

    def reject(self, problems: list[dict[str, str]], **facts: object) -> bool:
        """The check found problems, each with `code` and `message`."""
        return self._settle(state=MediaState.REJECTED, problems=problems, **facts)

    def forget(self) -> None:
        """Delete the row; its bytes are the caller's matter. Raises MediaInUse."""
        try:
            with transaction.atomic():
                self.delete()
        except ProtectedError as error:
            raise MediaInUse(MediaInUse.for_people) from error

    def _settle(self, **facts: object) -> bool:
        facts |= {"check_at": None}
        for name, value in facts.items():
            setattr(self, name, value)
        return bool(Media.objects.filter(pk=self.pk, state=MediaState.CHECKING).update(**facts))


def all_photos(media: Iterable[Media]) -> bool:
    """Whether a post of `media` is a photo post. Nothing at all is none."""
    kinds = {medium.kind for medium in media}
    return kinds == {MediaKind.PHOTO}
