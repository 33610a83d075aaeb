"""The operator's desk for posts: everything to be read, and the verbs as actions."""

import django_q.admin  # noqa: F401
from django.contrib import admin
from django_q.models import Failure, OrmQ, Schedule, Success

from posts.admin import content, memberships, notifications, processes, publications

__all__ = ["content", "memberships", "notifications", "processes", "publications"]

# The queue carries hints alone, and a schedule there would run any function that is typed in.
admin.site.unregister(
    # The queue itself is registered only when it is in the database, not with REDIS_URL.
    [model for model in (Failure, OrmQ, Schedule, Success) if admin.site.is_registered(model)]
)
