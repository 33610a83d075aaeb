"""Second factors: the field for a code, and secrets that are sealed like TikTok's tokens."""

from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.encryption import seal, unseal
from accounts.models import User


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That is not right, or it was used already. Try once more.",
        "unverified_email": "Confirm your e-mail addresses first, or remove those that you do not "
        "need; then two-factor can be switched on.",
    }

    def get_totp_issuer(self) -> str:
        """What stands above the code in somebody's authenticator app."""
        return f"Scheduler ({urlsplit(settings.SITE_URL).netloc})"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A passkey belongs to the site of SITE_URL, whatever host a request names."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": "Scheduler"}

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return f"Passkey {number}" if number > 1 else "My passkey"

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)


def has_second_factor(user: User) -> bool:
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user=user, type__in=kinds).exists()


class AuthenticateForm(AllauthAuthenticateForm):
    """The page asks for a code and nothing else, so typing starts at once."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autofocus"] = True
