"""Admin pages that show and change nothing: what happened stays what happened."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest

from accounts.models import User
from accounts.permissions import is_operator


class _NothingChanges:
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(_NothingChanges, admin.ModelAdmin):  # type: ignore[type-arg]
    """Name what is shown in `fields`: a secret that nobody named is never on the page."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """By what is shown alone: a filter typed into the address would else guess at secrets."""
        named = {*flatten_fieldsets(self.get_fieldsets(request)), *self.get_list_display(request)}
        is_named = lookup.partition(LOOKUP_SEP)[0] in named
        return is_named and super().lookup_allowed(lookup, value, request)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """For actions: `permissions=["operate"]`."""
        return isinstance(request.user, User) and is_operator(request.user)


class ReadOnlyInline(_NothingChanges, admin.TabularInline):  # type: ignore[type-arg]
    extra = 0
    related: tuple[str, ...] = ()  # what a row shows of other tables

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        queryset = super().get_queryset(request)
        return queryset.select_related(*self.related) if self.related else queryset
