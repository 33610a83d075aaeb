"""Lost and strange answers around a publication: to connecting, disconnecting, and the link.

A table of docs/faults.md is found out here, as in test_strange_answers.py.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Channel
from accounts.tests.browser import browser_of, words
from posts.models import Publication
from posts.tests.story import work
from tiktok import oauth
from tiktok.tests.connecting import asked, come_back, consent
from tiktok.tests.fault_tables import check_cell
from tiktok.tests.story import calls, trouble, tune
from tiktok.tests.strange_answers import AROUND, Strange

pytestmark = pytest.mark.django_db


def cells(call: str):
    return [pytest.param(strange, id=strange.row) for strange in AROUND if call in strange.calls]


def arm(sandbox, strange: Strange, call: str, **narrower: str) -> None:
    trouble(sandbox, call, strange.kind, **strange.details_for(call), **narrower)


@pytest.fixture
def come_home(alice, sandbox, creator) -> Callable[[], str]:
    """Alice comes back from TikTok's consent page; how that ended."""

    def come_home() -> str:
        browser = browser_of(alice)
        answer = come_back(browser, consent(asked(browser), "alice.films"))
        if Channel.objects.exists():
            assert answer.status_code == 302
            return "connected"
        assert answer.status_code == 400
        assert "not connected" in words(answer) or "Nothing was connected" in words(answer)
        return "not connected"

    return come_home


@pytest.mark.parametrize("strange", cells("oauth_token"))
def test_the_exchange_of_the_code(strange, come_home, sandbox, request):
    arm(sandbox, strange, "oauth_token", grant_type="authorization_code")

    check_cell(request, "around", strange.row, "the code's exchange", come_home())


@pytest.mark.parametrize("strange", cells("user_info"))
def test_whose_the_tokens_are(strange, come_home, sandbox, request):
    arm(sandbox, strange, "user_info")

    found = come_home()

    if found == "not connected":  # then nobody holds the tokens, and TikTok has ended them
        assert len(calls(sandbox, "oauth_revoke")) == 1
    check_cell(request, "around", strange.row, "user_info", found)


@pytest.mark.parametrize("strange", cells("oauth_revoke"))
def test_the_end_of_a_connection(strange, alice, channel, sandbox, request):
    arm(sandbox, strange, "oauth_revoke")

    done = oauth.disconnect(channel, by=alice)

    channel.refresh_from_db()
    assert (channel.health, channel.access_token) == ("disconnected", "")
    told = "" if done.revoked else ", and told to look into TikTok"
    check_cell(request, "around", strange.row, "oauth_revoke", f"disconnected{told}")


@pytest.mark.parametrize("strange", cells("video_list"))
def test_the_way_to_the_link(strange, plan, sandbox, request, time_machine):
    tune(sandbox, withhold_public_ids=True)
    publication = plan()
    work()
    Publication.objects.update(next_step_at=timezone.now())
    work()
    arm(sandbox, strange, "video_list")

    found = "no link"
    for looks in range(1, 5):
        time_machine.move_to(timezone.now() + timedelta(minutes=6), tick=True)
        work()
        publication.refresh_from_db()
        assert publication.state == "published"
        if publication.permalink:
            found = f"link found at look {looks}"
            break
    check_cell(request, "around", strange.row, "video_list", found)
