"""What somebody of the workspace has said about a post."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from posts.models.post import Post

CHANGEABLE = timedelta(minutes=15)  # after that it is part of what happened


class CommentQuerySet(models.QuerySet["Comment"]):
    def in_workspaces_of(self, user: Any) -> "CommentQuerySet":
        return self.filter(post__workspace__memberships__user=user)


class Comment(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="comments")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Empty: a former member.",
    )
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_comment_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_changeable(self) -> bool:
        return timezone.now() - self.at < CHANGEABLE
