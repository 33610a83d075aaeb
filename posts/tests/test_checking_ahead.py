"""What would stop a planned post is found, shown and told while there is time to mend it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Channel, Health
from posts import checking_ahead
from posts.chores import Chores
from posts.models import Notification, Publication
from posts.platforms import About, Finding
from posts.tests.plain_platform import a_channel, a_publication
from posts.tests.story import history, look_ahead, work

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

GONE = Finding("audience_gone", "Nobody can see it any more.", "Choose again.", asked=True)


@pytest.fixture
def publication(alice, workspace, plain):
    """Planned for the day after tomorrow."""
    publication = a_publication(alice, a_channel(workspace))
    publication.schedule(timezone.now() + timedelta(days=2), by=alice)
    return publication


@pytest.fixture(autouse=True)
def _stored(settings, tmp_path):
    """The bytes that `a_medium` says it has."""
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "sunrise.mp4").write_bytes(b"x" * 1_000)


def test_what_is_planned_is_looked_at_at_once_and_then_a_day_before(publication, plain):
    assert checking_ahead.are_due()

    assert checking_ahead.look_at_due(most=5) == 1

    publication.refresh_from_db()
    assert plain.asked == [publication.pk]
    assert publication.findings == []
    assert publication.checked_at is not None
    ahead = publication.due_at - publication.next_check_at
    assert timedelta(days=1) <= ahead <= timedelta(days=1, hours=1)
    assert not checking_ahead.are_due()


def test_what_is_found_is_kept_told_once_and_moves_nothing(publication, plain, alice, bob):
    plain.found_by_asking = [GONE]

    assert look_ahead(publication) == ["audience_gone"]
    look_ahead(publication)

    assert publication.state == "scheduled"
    assert publication.needs_mending
    assert history(publication) == ["scheduled"]
    [told] = Notification.objects.all()
    assert (told.person, told.kind) == (alice, "attention")
    assert told.text == "Nobody can see it any more. Choose again."


def test_what_only_may_go_wrong_is_kept_and_not_told(publication, plain):
    plain.findings = [Finding("cap_near", "Nearly full.", blocks=False)]

    assert look_ahead(publication) == ["cap_near"]

    assert not publication.needs_mending
    assert not Notification.objects.exists()


def test_a_finding_that_is_gone_is_forgotten(publication, plain):
    plain.found_by_asking = [GONE]
    look_ahead(publication)

    plain.found_by_asking = []

    assert look_ahead(publication) == []
    assert publication.findings == []


def test_another_time_is_another_matter(publication, plain, alice):
    plain.found_by_asking = [GONE]
    look_ahead(publication)

    publication.reschedule(timezone.now() + timedelta(days=3), by=alice)

    publication.refresh_from_db()
    assert (publication.findings, publication.checked_at) == ([], None)
    assert checking_ahead.are_due()
    look_ahead(publication)
    assert Notification.objects.count() == 2


def test_what_is_the_accounts_is_told_once_for_all_its_posts(publication, plain, alice, workspace):
    another = a_publication(alice, publication.channel, caption="Moonrise")
    another.schedule(timezone.now() + timedelta(days=2), by=alice)
    plain.found_by_asking = [Finding("banned", "It may not post.", about=About.ACCOUNT)]

    look_ahead(publication)
    look_ahead(another)

    assert another.needs_mending
    assert Notification.objects.count() == 1


def test_an_account_that_must_be_reconnected_is_told_of_as_such(publication, plain):
    Channel.objects.update(health=Health.NEEDS_RECONNECT)

    assert look_ahead(publication) == ["channel_unusable"]
    look_ahead(publication)

    assert [told.kind for told in Notification.objects.all()] == ["disconnected"]


def test_a_file_that_is_gone_from_the_store_is_noticed(publication, settings):
    medium = publication.media.get()
    path = settings.MEDIA_ROOT / medium.storage_key

    path.write_bytes(b"half")
    assert look_ahead(publication) == ["media_missing"]

    path.unlink()
    assert look_ahead(publication) == ["media_missing"]


def test_a_platform_that_is_away_is_asked_again_soon(publication, plain):
    plain.found_by_asking = [GONE]
    look_ahead(publication)
    plain.is_away = True

    assert look_ahead(publication) == ["audience_gone"]

    assert publication.next_check_at - timezone.now() < timedelta(minutes=1)


def test_what_has_moved_meanwhile_keeps_what_it_says(publication, plain, alice):
    def pause_it(publication_id):
        Publication.objects.get(pk=publication_id).pause(by=alice)

    plain.found_by_asking = [GONE]
    plain.asked = type("Asked", (), {"append": staticmethod(pause_it)})()

    assert look_ahead(publication) == []

    assert publication.state == "held"
    assert publication.next_check_at is None
    assert not Notification.objects.exists()


def test_what_is_not_planned_any_more_is_not_looked_at(publication, plain, alice):
    publication.cancel(by=alice)

    assert checking_ahead.look_at_due(most=5) == 0
    assert plain.asked == []


def test_an_account_that_changes_lets_its_posts_be_looked_at(publication):
    checking_ahead.look_at_due(most=5)
    assert not checking_ahead.are_due()

    checking_ahead.look_soon(publication.channel)

    assert checking_ahead.are_due()


def test_what_is_to_be_sent_comes_first(publication, plain, alice):
    due = a_publication(alice, a_channel(publication.post.workspace, "moonrise"))
    due.schedule(timezone.now(), by=alice)

    assert checking_ahead.look_at_due(most=5) == 0

    work()
    assert checking_ahead.look_at_due(most=5) == 1


def test_without_publishing_nobody_is_asked(publication, plain):
    chores = Chores()
    chores.start_due(publishing=False)
    wait_for_end(chores)

    assert plain.asked == []


@pytest.mark.django_db(transaction=True)
def test_a_drain_looks_beside_its_work(publication, plain):
    chores = Chores()
    chores.start_due(publishing=True)
    wait_for_end(chores)

    assert plain.asked == [publication.pk]


@pytest.mark.django_db(transaction=True)
def test_of_many_lookers_each_post_meets_one(publication, plain, alice):
    planned = [publication]
    for number in range(9):
        other = a_publication(alice, publication.channel, caption=f"Part {number}")
        other.schedule(timezone.now() + timedelta(days=2), by=alice)
        planned.append(other)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(look_and_close, range(4)))
    checking_ahead.look_at_due(most=20)

    assert sorted(plain.asked) == sorted(each.pk for each in planned)


def look_and_close(_: int) -> None:
    checking_ahead.look_at_due(most=20)
    connection.close()


def wait_for_end(chores: Chores) -> None:
    for thread in chores._alone.values():
        thread.join(10)
