from allauth.socialaccount.internal.statekit import get_states
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import HttpRequest

from tiktok.login.provider import TikTokLoginAdapter

log_in = OAuth2LoginView.adapter_view(TikTokLoginAdapter)
come_back = OAuth2CallbackView.adapter_view(TikTokLoginAdapter)


def is_logging_in(request: HttpRequest, state: str) -> bool:
    """Whether this browser went to TikTok with `state` to log in, or to link a log-in."""
    return state in get_states(request)
