"""A post: what is shared while composing. Where and when it goes is a Publication's."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Max, Q
from django.db.models.functions import Coalesce

from accounts.models import Channel, User, Workspace
from posts.models.media import Media
from posts.states import State


class PostQuerySet(models.QuerySet["Post"]):
    def in_workspaces_of(self, user: User) -> "PostQuerySet":
        return self.filter(workspace__memberships__user=user)

    def in_workspace(self, workspace: Workspace) -> "PostQuerySet":
        return self.filter(workspace=workspace, archived_at=None)

    def in_states(self, states: Iterable[State]) -> "PostQuerySet":
        """Posts of which something is in one of `states`; what goes nowhere yet is a draft."""
        wanted = set(states)
        there = Q(publications__state__in=wanted)
        if State.DRAFT in wanted:
            there |= Q(publications=None)
        return self.filter(pk__in=Post.objects.filter(there).values("pk"))

    def to_channel(self, channel: Channel) -> "PostQuerySet":
        return self.to_channels(pk=channel.pk)

    def to_channels(self, **which: object) -> "PostQuerySet":
        """Of which something goes to one of the channels that `which` describes."""
        channels = Channel.objects.filter(**which)
        there = Post.objects.filter(publications__channel__in=channels)
        return self.filter(pk__in=there.values("pk"))

    def between(self, first: datetime | None, end: datetime | None) -> "PostQuerySet":
        """Planned, or without a plan made, from `first` on and before `end`."""
        if first is None and end is None:
            return self
        posts = self.annotate(at=Coalesce(Max("publications__due_at"), "created_at"))
        posts = posts.filter(at__gte=first) if first else posts
        return posts.filter(at__lt=end) if end else posts

    def by_time(self, *, soonest_first: bool = False) -> "PostQuerySet":
        """By the planned time; what has none stands where it was made."""
        posts = self.annotate(at=Coalesce(Max("publications__due_at"), "created_at"))
        return posts.order_by("at", "pk") if soonest_first else posts.order_by("-at", "-pk")

    def with_details(self) -> "PostQuerySet":
        """Everything that a row on screen shows, in a fixed number of queries."""
        return self.select_related("author").prefetch_related(
            "items__media",
            "publications__channel",
            "publications__items__media",
        )


class Post(models.Model):
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="posts")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="posts",
        help_text="Empty: a former member.",
    )
    caption = models.TextField(blank=True)
    title = models.CharField(max_length=300, blank=True, help_text="Photo posts only.")
    media = models.ManyToManyField(Media, through="PostMedia", related_name="posts")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.caption[:60] or f"post {self.pk}"

    @property
    def ordered_media(self) -> list[Media]:
        return [item.media for item in self.items.all()]

    def set_media(self, media: list[Media]) -> None:
        """Let the post consist of `media`, in this order."""
        self.items.all().delete()
        for position, medium in enumerate(media):
            self.items.create(media=medium, position=position)


class WithMedia(models.Manager[models.Model]):
    """What lists media brings them along, in the same query."""

    def get_queryset(self) -> models.QuerySet[models.Model]:
        return super().get_queryset().select_related("media")


class PostMedia(models.Model):
    """One medium at its place in a post. A medium in use can not be deleted."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="items")
    media = models.ForeignKey(Media, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    objects = WithMedia()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "position"], name="a_place_in_a_post_holds_one_medium"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.media} at {self.position}"
