"""Second factors at rest: their secrets are sealed like TikTok's tokens."""

from allauth.mfa.adapter import DefaultMFAAdapter

from accounts.encryption import seal, unseal


class MFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)
