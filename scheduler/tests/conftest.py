"""What the stories over the whole site begin with: the desk's, the API's, each address's."""

from collections.abc import Callable
from io import BytesIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from accounts import inviting
from accounts.api.examples import CHANNEL, MEDIUM, POST, PUBLICATION, UPLOAD
from accounts.models import ApiKey, Channel, Role, Scope, User, Workspace
from posts import uploading
from posts.commenting import add_comment
from posts.copies import make_copy
from posts.media.parts import parts_of
from posts.models import Media, MediaKind, Post, Publication, Upload
from posts.states import State
from posts.tests.walk import bring
from scheduler.tests.belongings import FOR_ALICES_EYES, SECRETS
from tiktok.models import ConnectState


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


@pytest.fixture
def alices(alice, workspace, channel, medium, plan) -> dict[str, object]:
    """Something of Alice's for each name that an address can carry."""
    channel.avatar.save("face.jpg", ContentFile(b"a face"))
    Channel.objects.update(username=FOR_ALICES_EYES, display_name=FOR_ALICES_EYES)
    poster = default_storage.save("media/poster.jpg", ContentFile(b"a poster"))
    Media.objects.update(name=f"{FOR_ALICES_EYES}.mp4", poster_key=poster)
    Workspace.objects.update(name=FOR_ALICES_EYES)
    publication = plan(caption=FOR_ALICES_EYES, minutes=60)
    far = 9_001  # no other row of the two tables gets it
    asked = ConnectState.objects.create(pk=far, asked_by=alice, workspace=workspace, browser="hers")
    membership = workspace.memberships.get(user=alice)
    kind = MediaKind.VIDEO
    upload = uploading.begin(by=alice, workspace=workspace, name=FOR_ALICES_EYES, size=1, kind=kind)
    uploading.take_part(upload, 1, BytesIO(b"!").read)
    key, _ = ApiKey.make(membership, name=FOR_ALICES_EYES, scopes=[Scope.READ], lasts=None)
    passkey = Authenticator.Type.WEBAUTHN
    Authenticator.objects.create(pk=asked.pk, user=alice, type=passkey, data={"name": "Phone"})
    hers = UserSession.objects.create(user=alice, ip="203.0.113.7", session_key="hers")
    invitation = inviting.invite(workspace, "dora@example.com", Role.VIEWER, by=alice)
    copy = make_copy(workspace, by=alice)
    return {
        "key_id": key.pk,
        "membership_id": membership.pk,
        "invitation_id": invitation.pk,
        "copy_id": copy.pk,
        "workspace_id": workspace.pk,
        "channel_id": channel.pk,
        "media_id": medium.pk,
        "post_id": publication.post_id,
        "publication_id": publication.pk,
        "comment_id": add_comment(publication.post, by=alice, text=FOR_ALICES_EYES).pk,
        "upload_id": upload.pk,
        "number": 1,
        "session_id": hers.pk,
        "pk": asked.pk,  # tiktok:confirm, and her passkey
    } | SECRETS
