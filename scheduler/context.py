"""What every template may rely on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.adapters import registration_is_open, registration_words
from posts.models.installation import why_publishing_is_off
from posts.views.access import waiting_for


def house(request: HttpRequest) -> dict[str, Any]:
    return {
        "mail_is_printed": settings.PRACTICE_MODE and settings.MAIL_IS_PRINTED,
        "practice_mode": settings.PRACTICE_MODE,
        "publishing_off": why_publishing_is_off(),
        "registration_open": registration_is_open(),
        "registration_words": registration_words(),
        "sandbox_url": settings.TIKTOK_API_URL if settings.PRACTICE_MODE else "",
        "site_url": settings.SITE_URL,
        "to_approve": lambda: waiting_for(request),
        "workspace": getattr(request, "workspace", None),
    }
