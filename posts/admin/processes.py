"""Which processes live, and whom this database belongs to."""

from django.contrib import admin

from accounts.read_only import ReadOnlyAdmin
from posts.models import Heartbeat, Installation


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ["kind", "name", "at"]
    list_filter = ["kind"]
    search_fields = ["name"]
    ordering = ["kind", "-at"]
    fields = ["kind", "name", "at"]


@admin.register(Installation)
class InstallationAdmin(ReadOnlyAdmin):
    """`manage.py adopt` changes it: a person's word that this is the only copy in use."""

    list_display = ["identity", "adopted_at"]
    fields = ["identity", "adopted_at"]
