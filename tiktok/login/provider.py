"""allauth's TikTok provider, with the hosts, the way back and the PKCE that TikTok wants."""

from typing import Any

from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.tiktok.provider import TikTokProvider
from allauth.socialaccount.providers.tiktok.views import TikTokOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest

from tiktok.client import TikTokClient
from tiktok.errors import TikTokError
from tiktok.oauth.asking import wants_pkce
from tiktok.tokens import pkce_pair

SCOPES = ("user.info.basic",)  # who somebody is; nothing that could act for them


class TikTokLoginAdapter(TikTokOAuth2Adapter):
    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.access_token_url = f"{settings.TIKTOK_API_URL}/v2/oauth/token/"
        self.authorize_url = settings.TIKTOK_AUTHORIZE_URL

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return settings.TIKTOK_REDIRECT_URI  # the one that is registered at TikTok

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        try:
            with TikTokClient(token.token, base_url=settings.TIKTOK_API_URL) as client:
                person = client.user_info(SCOPES)
        except TikTokError as error:
            raise ProviderException(str(error)) from error
        if not person.open_id:
            raise ProviderException("TikTok did not say who this is")
        known = {"open_id": person.open_id, "display_name": person.display_name or ""}
        return self.get_provider().sociallogin_from_response(request, known)


class TikTokLogin(TikTokProvider):
    package = "tiktok.login"
    oauth2_adapter_class = TikTokLoginAdapter

    def get_callback_url(self) -> str:
        return settings.TIKTOK_REDIRECT_URI

    def get_default_scope(self) -> list[str]:
        return list(SCOPES)

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return self.get_scope()  # nobody asks for more by an address

    def get_pkce_params(self) -> dict[str, str]:
        if not wants_pkce():
            return {}
        verifier, challenge = pkce_pair()
        return {
            "code_verifier": verifier,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
