"""Deleting workspaces and people: nothing on its way is lost, and nothing goes out after."""

import json
import zipfile
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import Channel, Membership, Role, User, Workspace
from posts.deleting import CanNotDelete, delete_user, delete_workspace
from posts.models import Media, Notification, Post, Publication
from posts.models.event import PublicationEvent
from posts.tests.story import work, work_until_rest
from tiktok.client import TikTokClient
from tiktok.errors import TokenInvalid
from tiktok.tests.story import live, trouble, tune

pytestmark = pytest.mark.django_db


@pytest.fixture
def export(tmp_path):
    return tmp_path / "films.zip"


def test_a_workspace_goes_with_everything_and_leaves_an_export(
    alice, workspace, channel, plan, sandbox, export, medium
):
    published = plan()
    work_until_rest(published)
    waiting = plan(minutes=60, caption="Sunset")
    token = channel.access_token

    done = delete_workspace(workspace, by=alice, export_to=export)

    assert (done.canceled, done.not_revoked, done.lost_media) == (1, [], [])
    for model in (Post, Publication, PublicationEvent, Channel, Media, Membership):
        assert model.objects.count() == 0
    assert not Workspace.objects.filter(pk=workspace.pk).exists()
    assert default_storage.exists(medium.storage_key) is False
    with TikTokClient(token, base_url=sandbox.url) as client, pytest.raises(TokenInvalid):
        client.user_info(["user.info.basic"])
    with zipfile.ZipFile(export) as archive:
        said = json.loads(archive.read("workspace.json"))
        assert [post["caption"] for post in said["posts"]] == ["Sunset", "Sunrise"]
        assert f"history/{waiting.pk}.txt" in archive.namelist()
        assert token not in "".join(
            archive.read(name).decode() for name in archive.namelist() if name[-4:] == ".txt"
        )
        [video] = [name for name in archive.namelist() if name.startswith("media/")]
        assert len(archive.read(video)) == medium.size
    work()
    assert len(live(sandbox)) == 1  # what was published stays where it is


def test_while_a_post_is_processed_its_workspace_stays(alice, workspace, plan, sandbox, export):
    tune(sandbox, processing_seconds=3600)
    publication = plan()
    work()

    with pytest.raises(CanNotDelete, match="Wait until it is there"):
        delete_workspace(workspace, by=alice, export_to=export)

    publication.refresh_from_db()
    assert publication.state == "processing"
    assert Channel.objects.get().health == "connected"
    assert not export.exists()


def test_what_waits_for_the_word_on_its_last_block_is_on_its_way(
    alice, workspace, plan, sandbox, export
):
    plan()
    trouble(sandbox, "upload", "reset_after")
    trouble(sandbox, "status", "status", status=500, times=20)
    work()
    assert Publication.objects.get().is_safe is False

    with pytest.raises(CanNotDelete):
        delete_workspace(workspace, by=alice, export_to=export)


def test_an_export_that_can_not_be_written_deletes_nothing(alice, workspace, plan, export):
    plan(minutes=60)
    export.write_text("somebody's own file")

    with pytest.raises(FileExistsError):
        delete_workspace(workspace, by=alice, export_to=export)

    assert Post.objects.count() == 1
    assert export.read_text() == "somebody's own file"


def test_only_an_owner_or_an_operator_may(alice, bob, workspace, plan, export):
    plan(minutes=60)
    Membership.objects.create(workspace=workspace, user=bob, role=Role.EDITOR)

    with pytest.raises(PermissionDenied):
        delete_workspace(workspace, by=bob, export_to=export)

    assert Publication.objects.get().state == "scheduled"


def test_a_sole_owner_hands_over_first(alice, bob, workspace, tmp_path):
    Membership.objects.create(workspace=workspace, user=bob, role=Role.EDITOR)

    with pytest.raises(CanNotDelete, match="Make another member its owner first"):
        delete_user(alice, by=alice, export_to=tmp_path)

    assert User.objects.filter(pk=alice.pk).exists()


def test_who_leaves_leaves_what_was_approved(alice, bob, workspace, plan, tmp_path):
    Membership.objects.create(workspace=workspace, user=bob, role=Role.OWNER)
    publication = plan(minutes=60)

    delete_user(alice, by=alice, export_to=tmp_path / "exports")

    publication.refresh_from_db()
    assert (publication.state, publication.post.author) == ("scheduled", None)
    told = Notification.objects.get()
    assert (told.person, told.subject) == (bob, "alice has left; 1 of their posts stay planned")
    Publication.objects.update(due_at=timezone.now(), next_step_at=timezone.now())
    work_until_rest(publication)
    assert publication.state == "published"


def test_what_is_theirs_alone_goes_with_them(alice, workspace, plan, tmp_path):
    plan(minutes=60)

    delete_user(alice, by=alice, export_to=tmp_path / "exports")

    assert User.objects.filter(pk=alice.pk).exists() is False
    assert Publication.objects.count() == 0
    assert [file.name for file in (tmp_path / "exports").iterdir()] == [
        f"workspace-{workspace.pk}.zip"
    ]


def test_nobody_deletes_somebody_else(alice, bob, tmp_path):
    with pytest.raises(CanNotDelete):
        delete_user(alice, by=bob, export_to=tmp_path)
    assert User.objects.filter(pk=alice.pk).exists()


def test_the_commands_say_what_they_do(alice, workspace, plan, export, tmp_path):
    plan(minutes=60)
    said = StringIO()
    by = {"by": "alice", "export": export, "stdout": said}

    call_command("delete_workspace", workspace.pk, dry_run=True, **by)
    assert "1 posts, 1 accounts would be deleted." in said.getvalue()
    assert Post.objects.count() == 1

    call_command("delete_workspace", workspace.pk, **by)
    assert f"deleted; they are in {export}." in said.getvalue()
    assert "1 canceled that had waited." in said.getvalue()

    call_command("delete_user", "alice", by="alice", export=tmp_path / "exports", stdout=said)
    assert "alice is deleted." in said.getvalue()
    with pytest.raises(CommandError, match="no such person"):
        call_command("delete_user", "alice", by="alice", export=tmp_path, stdout=said)
