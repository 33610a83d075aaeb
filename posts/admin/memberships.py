"""Who is in which workspace: operators remove people by the verb of the pages."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.members import StaysOwned
from accounts.models import Membership
from accounts.read_only import ReadOnlyAdmin
from posts.leaving import end_membership


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ["user", "workspace", "role", "joined_at"]
    list_filter = ["role"]
    list_select_related = ["user", "workspace"]
    search_fields = ["user__username", "user__email", "workspace__name"]
    fields = ["user", "workspace", "role", "joined_at"]
    actions = ["remove"]

    @admin.action(description="Remove from the workspace", permissions=["operate"])
    def remove(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        by: Any = request.user
        removed = 0
        for membership in queryset.select_related("user", "workspace"):
            try:
                end_membership(membership, by=by)
            except StaysOwned as error:
                self.message_user(request, str(error), messages.WARNING)
            else:
                removed += 1
        self.message_user(request, f"{removed} removed.")
