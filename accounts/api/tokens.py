"""Access tokens: signed statements of who somebody is, good for a while (RFC 7519)."""

import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.api.refusals import NotAuthenticated
from accounts.models import User

AUDIENCE = "api"
MADE_FOR = "accounts.api.tokens"
CLAIMS = ["sub", "iat", "exp", "aud", "pwd"]


def lifetime() -> timedelta:
    return timedelta(minutes=settings.ACCESS_TOKEN_EXPIRE_MINUTES)


def make_token(user: User) -> str:
    import jwt  # noqa: PLC0415 - here, since it loads megabytes that most processes never need

    now = timezone.now()
    claims = {
        "sub": str(user.pk),
        "aud": AUDIENCE,
        "iat": now.timestamp(),
        "exp": (now + lifetime()).timestamp(),
        "jti": secrets.token_hex(8),
        "pwd": _of_password(user),
    }
    return jwt.encode(claims, _key(), algorithm=settings.ALGORITHM)


def user_of(token: str) -> User:
    """Whose token it is. Raises NotAuthenticated.

    A changed password, “log out everywhere” and deactivation end every token before its time.
    """
    import jwt  # noqa: PLC0415 - as above

    try:
        claims = jwt.decode(
            token,
            _key(),
            algorithms=[settings.ALGORITHM],
            audience=AUDIENCE,
            options={"require": CLAIMS},
        )
    except jwt.ExpiredSignatureError as error:
        raise NotAuthenticated(
            "This access token has expired. Get another one from /token.", code="token_expired"
        ) from error
    except jwt.InvalidTokenError as error:
        raise _unusable() from error
    user = User.objects.filter(pk=claims["sub"], is_active=True).first()
    if user is None or not constant_time_compare(claims["pwd"], _of_password(user)):
        raise _unusable()
    given_at = datetime.fromtimestamp(claims["iat"], UTC)
    if user.tokens_valid_after is not None and given_at < user.tokens_valid_after:
        raise _unusable()
    return user


def _unusable() -> NotAuthenticated:
    return NotAuthenticated(
        "This access token is not valid, or not any more. Get another one from /token.",
        code="token_invalid",
    )


def _key() -> bytes:
    """64 bytes, as much as HS512 can use, whatever the length of SECRET_KEY."""
    return salted_hmac(MADE_FOR, "signing", algorithm="sha512").digest()


def _of_password(user: User) -> str:
    """Differs after the password was changed, and tells nothing about it."""
    return salted_hmac(MADE_FOR, user.password, algorithm="sha256").hexdigest()[:32]
