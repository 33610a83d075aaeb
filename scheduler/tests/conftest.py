"""What the stories of the operator's desk and of the API's document begin with."""

from collections.abc import Callable
from io import BytesIO

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.storage import default_storage
from django.db import connection

from accounts.api.examples import CHANNEL, MEDIUM, POST, PUBLICATION, UPLOAD
from accounts.models import Channel, User
from posts import uploading
from posts.media.parts import parts_of
from posts.models import Media, MediaKind, Post, Publication, Upload
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


@pytest.fixture
def known_ids(db) -> None:
    """What is made next has the ids of which the examples speak."""
    with connection.cursor() as cursor:
        for model, number in ((Channel, CHANNEL), (Post, POST), (Publication, PUBLICATION)):
            table = model._meta.db_table
            cursor.execute(
                "select setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, number]
            )


@pytest.fixture
def exemplary(
    known_ids, alice, workspace, channel, make_medium, draft, video_file
) -> Callable[[State], None]:
    """Everything of Alice's that the examples of the API's document speak of."""

    def make(state: State) -> None:
        publication = draft()
        if state != State.DRAFT:
            bring(publication, state, by=alice)
        Media.objects.filter(pk=make_medium(workspace, video_file).pk).update(id=MEDIUM)
        begun = uploading.begin(
            by=alice, workspace=workspace, name="a.mp4", size=10, kind=MediaKind.VIDEO
        )
        Upload.objects.filter(pk=begun.pk).update(id=UPLOAD)
        upload = Upload.objects.get(pk=UPLOAD)
        parts_of(default_storage).begin(upload)
        uploading.take_part(upload, 1, BytesIO(b"0123456789").read)

    return make
