"""How allauth's log-in fits this house."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest

from accounts.invited import followed
from accounts.letters import dress, where_from
from accounts.models import User


def registration_is_open() -> bool:
    """Whether a stranger may sign up. By default the first person may, then the door closes."""
    if settings.REGISTRATION:
        return bool(settings.REGISTRATION == "open")
    return settings.DEVELOPMENT or not User.objects.exists()


def may_sign_up(request: HttpRequest) -> bool:
    """An invitation opens the door where REGISTRATION is `invite`; closed is closed for all."""
    return registration_is_open() or (newcomers_may_follow() and followed(request) is not None)


def newcomers_may_follow() -> bool:
    """Whether an invitation can bring somebody in who has no account yet."""
    return registration_is_open() or settings.REGISTRATION == "invite"


def registration_words() -> str:
    """What a stranger reads where sign-up would be."""
    if settings.REGISTRATION == "invite":
        return "People come in here by invitation. Ask somebody who is in to send you one."
    return "Sign-up is closed here. Ask the operator of this site for an account."


WRONG_LOG_IN = "User name, e-mail or password is not right. Try again, or reset the password."


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG_LOG_IN,
        "email_password_mismatch": WRONG_LOG_IN,
        "username_taken": "Somebody already has this user name. Please choose another.",
        "too_many_login_attempts": "Too many failed login attempts. Wait five minutes, or log in "
        "with a passkey.",
        "incorrect_code": "This code is not right. Look again, or let us send a new one.",
    }
    WAYS_TO_PROVE = {
        "reauthenticate": "Use your password",
        "mfa_reauthenticate": "Use a code of your authenticator app",
        "mfa_reauthenticate:webauthn": "Use a passkey",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return may_sign_up(request)

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Whoever follows an invitation has read the mail that brought it."""
        invitation = followed(request)
        if invitation is not None and invitation.email == email.lower():
            return True
        return bool(super().is_email_verified(request, email))

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, str]]:
        """The ways to answer “Is it you?”, in our words."""
        ways: list[dict[str, str]] = super().get_reauthentication_methods(user)
        return [way | {"description": self.WAYS_TO_PROVE[way["id"]]} for way in ways]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links in mail lead to SITE_URL, whatever host the one who asked for the mail named."""
        links = {name: _at_home(url) for name, url in context.items() if name.endswith("_url")}
        super().send_mail(template_prefix, email, context | links | where_from())

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        mail: EmailMultiAlternatives = super().render_mail(template_prefix, email, context, headers)
        dress(mail, person=getattr(context.get("user"), "username", ""))
        return mail


def _at_home(url: str) -> str:
    return settings.SITE_URL + urlunsplit(urlsplit(url)._replace(scheme="", netloc=""))


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Somebody else's word lets in only whom a person has linked to it before."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False
