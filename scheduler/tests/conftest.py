"""What the stories of the operator's desk begin with."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from accounts.models import User
from posts.states import State
from posts.tests.walk import bring


@pytest.fixture
def olga(make_person) -> User:
    """An operator, and a member of nobody's workspace but her own."""
    return make_person("olga", is_staff=True, is_superuser=True)


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


@pytest.fixture
def everything(plan, alice, channel):
    """A publication with an attempt whose address is alive, and all that hangs on it."""
    publication = bring(plan(), State.SENDING, by=alice)
    attempt = publication.attempts.get()
    attempt.upload_url = "https://upload.tiktokapis.test/video/?upload_token=top-secret"
    attempt.last_answer = {"log_id": "20261122LOG", "code": "ok"}
    attempt.save()
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)
    RecoveryCodes.activate(alice)
    return {
        "publication": publication,
        "secrets": [
            channel.access_token,
            channel.refresh_token,
            channel.access_token_sealed,
            channel.refresh_token_sealed,
            attempt.upload_url,
            attempt.upload_url_sealed,
            "top-secret",
            secret,
        ],
    }
