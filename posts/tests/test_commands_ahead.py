"""What an operator asks before trouble: `preflight`, and `dispatch --dry-run`."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_q.models import OrmQ

from posts.models import Publication
from posts.models.installation import Installation
from posts.platforms import Finding
from posts.tests.plain_platform import a_channel, a_publication

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


@pytest.fixture
def plan(plain, alice, workspace):
    Installation.claim_if_new()

    def plan(name="sunrise", *, hours: float = 1) -> Publication:
        publication = a_publication(alice, a_channel(workspace, name), caption=name)
        publication.schedule(timezone.now() + timedelta(hours=hours), by=alice)
        return publication

    return plan


def said(*command, **options) -> str:
    words = StringIO()
    call_command(*command, stdout=words, stderr=words, **options)
    return words.getvalue()


def test_all_is_well(plan):
    publication = plan()

    words = said("preflight", "--all")

    assert f"{publication.pk}  sunrise to Sunrise: scheduled" in words
    assert "1 checked, nothing stops them." in words


def test_what_stops_a_post_fails_the_command_and_says_what_to_do(plan, plain):
    publication = plan()
    plain.findings = [
        Finding("gone", "It is gone.", "Choose again."),
        Finding("near", "Nearly full.", blocks=False),
    ]
    words = StringIO()

    with pytest.raises(CommandError, match=r"1 of 1 would not go out\."):
        call_command("preflight", str(publication.pk), stdout=words)

    assert "stops it (gone): It is gone. Choose again." in words.getvalue()
    assert "beware (near): Nearly full." in words.getvalue()


def test_one_account_is_enough(plan):
    plan("sunrise")
    plan("moonrise")

    words = said("preflight", "@moonrise")

    assert "moonrise to Moonrise" in words
    assert "sunrise" not in words


def test_the_platform_is_asked_only_when_told_so(plan, plain):
    publication = plan()
    plain.is_away = True
    assert "could not be asked" not in said("preflight", "--all")
    assert plain.asked == []
    assert "could not be asked" in said("preflight", "--all", "--ask")

    plain.is_away = False
    with pytest.raises(CommandError, match="1 of 1"):  # its file is not in the store
        said("preflight", "--all", "--ask")
    publication.refresh_from_db()
    assert publication.findings == []


@pytest.mark.parametrize("which", [[], ["nonsense"], ["@nobody"], ["999999999"]])
def test_what_makes_no_sense_is_said(plan, which):
    with pytest.raises(CommandError):
        said("preflight", *which)


def test_a_copy_of_a_database_does_not_ask(plan, settings):
    plan()
    settings.PUBLISHING = False

    with pytest.raises(CommandError, match="not asked from here"):
        said("preflight", "--all", "--ask")


def test_dispatch_says_what_is_due_and_wakes_nobody(plan):
    due = plan("sunrise", hours=0)
    plan("moonrise")

    words = said("dispatch", "--dry-run")

    assert words.startswith(f"{due.pk}  sunrise to Sunrise: scheduled\nDue: 1.")
    assert "moonrise" not in words
    assert OrmQ.objects.count() == 0


def test_dispatch_once_wakes_the_workers(plan):
    plan(hours=0)

    assert "Hints given: 1" in said("dispatch", "--once")
    assert OrmQ.objects.count() == 1
