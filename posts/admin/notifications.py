"""Whom we told what, and what became of the mail."""

from django.contrib import admin

from accounts.read_only import ReadOnlyAdmin
from posts.models import Notification


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "person", "kind", "subject", "mailed_at", "mail_at", "mail_tries"]
    list_filter = ["kind", "mailed_at"]
    list_select_related = ["person"]
    search_fields = ["subject", "person__username", "person__email"]
    date_hierarchy = "created_at"
    fields = [
        "person",
        "workspace",
        "kind",
        "publication",
        "channel",
        "subject",
        "text",
        "created_at",
        "seen_at",
        "mail_at",
        "mail_tries",
        "mailed_at",
    ]
