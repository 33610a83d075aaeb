"""How allauth's log-in fits this house."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User


def registration_is_open() -> bool:
    """Whether a stranger may sign up. By default the first person may, then the door closes."""
    if settings.REGISTRATION:
        return bool(settings.REGISTRATION == "open")
    return settings.DEVELOPMENT or not User.objects.exists()


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return registration_is_open()
