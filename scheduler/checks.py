"""What `manage.py check --deploy` says about an installation that other people rely on.

Each id is stable, so that an operator can silence one knowingly (SILENCED_SYSTEM_CHECKS).
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from scheduler.environment import is_loopback
from tiktok.pull_rules import why_not_fetched

SHORTEST_KEY = 32  # characters; as many as `secrets.token_urlsafe(24)` gives
MAIL_TO_NOBODY = (
    "scheduler.printed_mail.EmailBackend",
    "django.core.mail.backends.dummy.EmailBackend",
    "django.core.mail.backends.locmem.EmailBackend",
)


@register(Tags.security, deploy=True)
def tiktok_is_real(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    if not settings.PRACTICE_MODE:
        return []
    return [
        Error(
            "This installation is in practice mode: nothing reaches TikTok.",
            hint="Set TIKTOK_CLIENT_KEY and TIKTOK_CLIENT_SECRET to those of your app at "
            "developers.tiktok.com.",
            id="scheduler.E001",
        )
    ]


@register(Tags.security, deploy=True)
def tiktok_can_send_people_back(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    """TikTok registers https addresses, and http ones of this machine alone (Protocol 2.1)."""
    address = settings.TIKTOK_REDIRECT_URI
    if address.startswith("https://") or is_loopback(address):
        return []
    return [
        Error(
            f"TikTok does not accept the redirect address {address}.",
            hint="Give SITE_URL or TIKTOK_REDIRECT_URI an https address.",
            id="scheduler.E002",
        )
    ]


@register(Tags.security, deploy=True)
def strangers_can_not_listen(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    if settings.DEVELOPMENT:
        return []
    if not settings.HTTPS:
        return [
            Warning(
                f"SITE_URL is {settings.SITE_URL}: passwords travel unencrypted.",
                hint="Put a proxy with a certificate in front, and let SITE_URL begin with "
                "https://.",
                id="scheduler.W001",
            )
        ]
    if not settings.TRUSTED_PROXIES:
        return [
            Warning(
                "SITE_URL begins with https://, but TRUSTED_PROXIES is 0.",
                hint="Say how many proxies stand in front (usually 1): else every person looks "
                "like the proxy to our limits, and http is not redirected to https.",
                id="scheduler.W002",
            )
        ]
    return []


@register(Tags.database, deploy=True)
def database_is_for_many(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    engine = settings.DATABASES["default"]["ENGINE"]
    if settings.DEVELOPMENT or engine != "django.db.backends.sqlite3":
        return []
    return [
        Warning(
            "The database is SQLite, which lives on one machine and lets one writer in at a time.",
            hint="Set DATABASE_URL to postgresql://user:password@host:5432/name.",
            id="scheduler.W003",
        )
    ]


@register(Tags.security, deploy=True)
def mail_reaches_people(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    if settings.DEVELOPMENT or settings.EMAIL_BACKEND not in MAIL_TO_NOBODY:
        return []
    needed = (
        "Nobody can sign up, since their address must be confirmed, and nobody"
        if settings.EMAIL_CONFIRMATION
        else "Nobody"
    )
    return [
        Warning(
            f"Mail is written to the console. {needed} can reset a password.",
            hint="Set EMAIL_URL, like submission://user:password@mail.example.com:587.",
            id="scheduler.W004",
        )
    ]


@register(Tags.security, deploy=True)
def keys_can_not_be_guessed(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    if all(len(key) >= SHORTEST_KEY for key in settings.TOKEN_ENCRYPTION_KEYS):
        return []
    return [
        Warning(
            f"A key of TOKEN_ENCRYPTION_KEYS is shorter than {SHORTEST_KEY} characters.",
            hint="Put a long random one in front of the list; tokens are sealed with it from "
            "then on.",
            id="scheduler.W005",
        )
    ]


@register(Tags.security, deploy=True)
def tiktok_can_fetch_photos(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    why = why_not_fetched(settings.MEDIA_PUBLIC_URL, by=settings.TIKTOK_API_URL)
    if settings.DEVELOPMENT or not why:
        return []
    return [
        Warning(
            f"Photos can not be sent: {why}.",
            hint="Set MEDIA_PUBLIC_URL (or SITE_URL) to an https address with a domain name, and "
            "verify it at TikTok under URL properties.",
            id="scheduler.W006",
        )
    ]
