"""A passkey as a browser would have handed it over, for stories that need somebody to have one."""

import json
import secrets

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts.models import User

SITE = "localhost"


def give_passkey(user: User, name: str = "My phone") -> Authenticator:
    private = ec.generate_private_key(ec.SECP256R1())
    identity = secrets.token_bytes(16)
    known = AttestedCredentialData.create(
        b"\0" * 16, identity, ES256.from_cryptography_key(private.public_key())
    )
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    seen = AuthenticatorData.create(b"\0" * 32, flags, 0, known)
    client = {"type": "webauthn.create", "challenge": "AA", "origin": f"http://{SITE}"}
    credential = {
        "id": websafe_encode(identity),
        "rawId": websafe_encode(identity),
        "type": "public-key",
        "clientExtensionResults": {"credProps": {"rk": True}},
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(client).encode()),
            "attestationObject": websafe_encode(AttestationObject.create("none", seen, {})),
        },
    }
    data = {"name": name, "credential": credential}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
