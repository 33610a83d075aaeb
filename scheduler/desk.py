"""The operator's desk stands behind our own log-in, and on a server behind a second factor."""

from typing import cast

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from accounts.two_factor import has_second_factor


class OperatorsDesk(admin.AdminSite):
    site_header = "Social Media Scheduler"
    site_title = "Scheduler admin"

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not _lacks_second_factor(request)

    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Where whoever has no permission is sent: staff that is logged in lacks one thing only."""
        answer: HttpResponse = secure_admin_login(_ask_for_second_factor)(request)
        return answer


def _ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    if not _lacks_second_factor(request):
        return redirect("admin:index")
    messages.warning(
        request,
        "The administration is for people with two-factor. Switch it on here, and come back.",
    )
    return redirect("mfa_index")


def _lacks_second_factor(request: HttpRequest) -> bool:
    user = cast(User, request.user)
    return settings.OPERATORS_NEED_TWO_FACTOR and not has_second_factor(user)
