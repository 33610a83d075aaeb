"""Secrets at rest: what is sealed here can be read only with a key of this installation.

`TOKEN_ENCRYPTION_KEYS` lists keys, newest first: the first seals, all of them open. Without it
one key is derived from `SECRET_KEY`.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """A sealed text that none of our keys opens: keys were changed without keeping the old one."""


def seal(text: str) -> str:
    return _keys(*_secrets()).encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """The text behind `seal`; raises Unreadable."""
    if not sealed:
        return ""
    try:
        return _keys(*_secrets()).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("no key of TOKEN_ENCRYPTION_KEYS opens this secret") from error


def _secrets() -> tuple[str, ...]:
    return tuple(settings.TOKEN_ENCRYPTION_KEYS) or (settings.SECRET_KEY,)


@lru_cache(maxsize=8)
def _keys(*secrets: str) -> MultiFernet:
    # Derived, so that any text of any length serves as a key.
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derive(secret))) for secret in secrets])


def _derive(secret: str) -> bytes:
    derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"tokens at rest")
    return derivation.derive(secret.encode())
