"""The operator's desk: people, workspaces and channels. A person is never deleted here, but
switched off; no token and no secret is ever shown."""

from typing import Any

import allauth.mfa.admin
import allauth.socialaccount.admin  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from accounts import inviting, members, workspaces
from accounts.models import (
    Act,
    ApiKey,
    AuditEntry,
    Channel,
    Invitation,
    Membership,
    Role,
    User,
    Workspace,
    note,
)
from accounts.permissions import is_operator
from accounts.read_only import ReadOnlyAdmin, ReadOnlyInline

# allauth's own pages show tokens, app secrets and the seeds of two-factor codes.
admin.site.unregister([Authenticator, SocialAccount, SocialApp, SocialToken])


class ByOperators(admin.ModelAdmin):  # type: ignore[type-arg]
    """Operators change it; other staff see what their permissions allow; nobody deletes it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_operator(request.user)  # type: ignore[arg-type]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_operator(request.user)  # type: ignore[arg-type]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MembershipsOfUser(ReadOnlyInline):
    model = Membership
    fields = ["workspace", "role", "joined_at"]
    related = ("workspace", "user")


@admin.register(User)
class PersonAdmin(ByOperators, UserAdmin):  # type: ignore[type-arg]
    list_display = ["username", "email", "is_active", "is_staff", "last_login", "date_joined"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    search_fields = ["username", "email", "first_name", "last_name", "memberships__workspace__name"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password", "email"]}),
        (
            "Person",
            {"fields": ["first_name", "last_name", "time_zone", "week_starts_on", "language"]},
        ),
        ("Access", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("Permissions of staff", {"fields": ["user_permissions"], "classes": ["collapse"]}),
        ("Times", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "email", "usable_password", "password1", "password2"]}),
    ]
    inlines = [MembershipsOfUser]


class MembersFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        super().clean()
        rows = [form.instance for form in self.forms if form.has_changed() or form.instance.pk]
        if not any(row.role == Role.OWNER for row in rows):
            raise ValidationError("A workspace always has an owner.", code="no_owner")
        if any(form.instance.pk and "user" in form.changed_data for form in self.forms):
            raise ValidationError("Add the other person in a row of their own.", code="swapped")


class MembersOfWorkspace(admin.TabularInline):  # type: ignore[type-arg]
    """Whoever goes is removed on the page of memberships: what they planned has to be told of."""

    model = Membership
    formset = MembersFormSet
    autocomplete_fields = ["user"]
    readonly_fields = ["joined_at"]
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user", "workspace")


@admin.register(Workspace)
class WorkspaceAdmin(ByOperators):
    """By the same verbs as the pages, so that the owners find it in their log."""

    list_display = ["name", "personal_of", "members", "channels", "created_at"]
    list_select_related = ["personal_of"]
    search_fields = ["name", "memberships__user__username", "memberships__user__email"]
    fields = ["name", "personal_of", "late_limit_minutes", "created_at"]
    readonly_fields = ["personal_of", "created_at"]
    ordering = ["name", "pk"]
    inlines = [MembersOfWorkspace]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by: Any = request.user
        if change:
            workspaces.change(obj, by=by, **form.cleaned_data)
        else:
            obj.save()
            note(obj, Act.FOUNDED, by=by)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        by: Any = request.user
        formset.save(commit=False)
        changed = [row for row, _ in formset.changed_objects]
        # Whoever becomes an owner comes first, so that there is one at each moment.
        for row in sorted(formset.new_objects + changed, key=lambda row: row.role != Role.OWNER):
            if row.pk:
                members.change_role(row, Role(row.role), by=by)
            else:
                members.add(row.workspace, row.user, Role(row.role), by=by)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Workspace]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                number_of_members=Count("memberships", distinct=True),
                number_of_channels=Count("channels", distinct=True),
            )
        )

    @admin.display(ordering="number_of_members")
    def members(self, workspace: Any) -> int:
        return int(workspace.number_of_members)

    @admin.display(ordering="number_of_channels")
    def channels(self, workspace: Any) -> int:
        return int(workspace.number_of_channels)


@admin.register(Channel)
class ChannelAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "username", "platform", "workspace", "health", "access_expires_at"]
    list_filter = ["health", "platform"]
    list_select_related = ["workspace"]
    search_fields = ["username", "display_name", "external_id", "workspace__name"]
    fields = [
        "workspace",
        "platform",
        "external_id",
        "username",
        "display_name",
        "time_zone",
        "scopes",
        "health",
        "health_reason",
        "connected_by",
        "connected_at",
        "access_expires_at",
        "refresh_expires_at",
        "token_version",
        "refreshing_until",
    ]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """An operator can end any invitation, and follow none."""

    list_display = ["email", "workspace", "role", "invited_by", "created_at", "standing"]
    list_select_related = ["workspace", "invited_by"]
    search_fields = ["email", "workspace__name"]
    fields = [
        "email", "workspace", "role", "invited_by", "created_at", "expires_at", "mailed_at",
        "accepted_at", "accepted_by", "revoked_at",
    ]  # fmt: skip
    actions = ["revoke"]

    @admin.action(description="Revoke", permissions=["operate"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        by: Any = request.user
        unanswered = [each for each in queryset if each.standing in {"open", "expired"}]
        for invitation in unanswered:
            inviting.revoke(invitation, by=by)
        self.message_user(request, f"{len(unanswered)} revoked.")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "workspace", "by", "sentence"]
    list_filter = ["act"]
    list_select_related = ["workspace", "by", "whom"]
    search_fields = ["workspace__name", "by__username", "what"]
    fields = ["at", "workspace", "by", "as_operator", "act", "whom", "what", "before", "after"]


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    """An operator can end any key, and sees none."""

    list_display = ["name", "prefix", "membership", "created_at", "last_used_at", "revoked_at"]
    list_select_related = ["membership__user", "membership__workspace"]
    search_fields = ["name", "prefix", "membership__user__username"]
    fields = [
        "name", "prefix", "membership", "scopes", "created_at", "expires_at", "last_used_at",
        "revoked_at",
    ]  # fmt: skip
    actions = ["revoke"]

    @admin.action(description="Revoke", permissions=["operate"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset:
            key.revoke(by=request.user)  # type: ignore[arg-type]
        self.message_user(request, f"{len(queryset)} revoked.")


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnlyAdmin):
    """Who lost their phone: an operator who knows them deletes its row, and they log in anew."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__email"]
    fields = ["user", "type", "created_at", "last_used_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_operate_permission(request)
