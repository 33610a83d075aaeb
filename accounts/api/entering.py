"""Coming in without a browser: by the same forms and limits as the pages, and without a session."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.signals import user_signed_up
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from accounts.adapters import WRONG_LOG_IN, registration_is_open, registration_words
from accounts.api.refusals import Conflict, Forbidden, Invalid, NotAuthenticated, TooOften
from accounts.forms import LoginForm, SignupForm
from accounts.models import User
from accounts.two_factor import AuthenticateForm

TOO_MANY = "too_many_login_attempts"
FIELD_IN_API = {"password1": "password", "login": "username", "__all__": "username"}


def sign_up(request: HttpRequest, **given: str) -> User | None:
    """The new person. None: the address is somebody's already, who is told so by mail alone.

    Raises Forbidden while sign-up is closed, Invalid, and TooOften together with the page.
    """
    if not registration_is_open():
        raise Forbidden(registration_words(), code="registration_closed")
    if not ratelimit.consume(request, action="signup"):
        raise TooOften(seconds=60)
    form = SignupForm(given | {"password1": given["password"]})
    if not form.is_valid():
        raise Invalid(fields=_told(form))
    user = None if form.account_already_exists else _made(form, request)
    if user is not None:
        user_signed_up.send(sender=User, request=request, user=user)
    if settings.EMAIL_CONFIRMATION:
        _tell_how_to_confirm(request, user, form.cleaned_data["email"])
    return user


def _tell_how_to_confirm(request: HttpRequest, user: User | None, email: str) -> None:
    """By logging in once: the code is asked for by a page, in the browser it was made for."""
    if not ratelimit.consume(request, action="confirm_email", key=f"api:{email}"):
        return  # the mail of a moment ago says it all
    adapter = get_adapter(request)
    if user is None:
        adapter.send_account_already_exists_mail(email)
        return
    log_in = {"user": user, "log_in_url": reverse("account_login")}
    adapter.send_mail("account/email/confirm_by_log_in", email, log_in)


def _made(form: SignupForm, request: HttpRequest) -> User:
    """The person, or nothing of them. Raises Conflict for the slower one of two."""
    try:
        with transaction.atomic():
            return form.save(request)
    except IntegrityError as error:
        raise Conflict(
            "Somebody has just signed up with this user name or this e-mail address.",
            code="already_signed_up",
        ) from error


def log_in(request: HttpRequest, *, username: str, password: str, otp: str) -> User:
    """Raises NotAuthenticated and Forbidden, and TooOften together with the page."""
    form = LoginForm({"login": username, "password": password}, request=request)
    if not form.is_valid():
        _refuse_attempts(form)
        if _has_no_password(username):
            raise _use_api_key()
        raise NotAuthenticated(WRONG_LOG_IN, code="wrong_credentials")
    user: User = form.user
    if not user.is_active:
        raise NotAuthenticated(WRONG_LOG_IN, code="wrong_credentials")
    _refuse_unconfirmed(user)
    _ask_second_factor(user, otp)
    return user


def _ask_second_factor(user: User, otp: str) -> None:
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    if not kinds:
        return
    if Authenticator.Type.TOTP not in kinds and Authenticator.Type.WEBAUTHN in kinds:
        raise _use_api_key()  # a security key can not be used without a browser
    if not otp:
        raise NotAuthenticated(
            "Two-factor is on for this account: send a code of the app's as “otp”.",
            code="otp_required",
        )
    form = AuthenticateForm({"code": otp}, user=user)
    if not form.is_valid():
        _refuse_attempts(form)
        raise NotAuthenticated("This code is not right, or was used already.", code="otp_wrong")
    form.authenticator.record_usage()


def _refuse_unconfirmed(user: User) -> None:
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    if settings.EMAIL_CONFIRMATION and not confirmed.exists():
        raise Forbidden(
            "Confirm your e-mail address first: log in on the site once, and type the code that is "
            "mailed to you.",
            code="email_not_confirmed",
        )


def _refuse_attempts(form: forms.Form) -> None:
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    if TOO_MANY in codes:
        raise TooOften(
            "Too many wrong attempts. Wait a few minutes, or reset the password.", seconds=300
        )


def _has_no_password(username: str) -> bool:
    """Whoever comes in by other means, such as a passkey."""
    named = User.objects.filter(Q(username__iexact=username) | Q(email__iexact=username))
    user = named.filter(is_active=True).first()
    return user is not None and not user.has_usable_password()


def _use_api_key() -> NotAuthenticated:
    return NotAuthenticated(
        "This account can not log in with a password alone. Make an API key in the settings.",
        code="use_api_key",
    )


def _told(form: forms.Form) -> dict[str, list[str]]:
    return {
        FIELD_IN_API.get(name, name): [str(each) for each in errors]
        for name, errors in form.errors.items()
    }
