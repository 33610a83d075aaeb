"""Today Alice's accounts need her; each has the button that mends it."""

import pytest
from django.urls import reverse

from accounts.models import Channel, Health, Role
from accounts.tests.browser import press
from posts.pausing import pause
from posts.tests.people import browser_of, member, words

pytestmark = pytest.mark.django_db

TODAY = reverse("today")


def needs_you(person, workspace):
    page = words(browser_of(person, workspace).get(TODAY))
    return page.split('id="needs-you"')[1].split("</section>")[0]


def test_an_account_that_lost_its_access_is_reconnected_from_here(alice, channel, sandbox):
    channel.mark_needs_reconnect("TikTok took the permission back.")
    address = reverse("tiktok:reconnect", args=[channel.pk])

    assert "TikTok took the permission back." in needs_you(alice, channel.workspace)
    answer = press(browser_of(alice), TODAY, address)

    assert answer["Location"].startswith(sandbox.url)


def test_a_paused_account_goes_on_from_here(alice, channel, plan):
    plan(minutes=60)
    pause(channel, by=alice)
    address = reverse("posts:let_channel_go_on", args=[channel.pk])
    assert "1 post waits for it." in needs_you(alice, channel.workspace)

    press(browser_of(alice), TODAY, address)

    assert Channel.objects.get().health == Health.CONNECTED
    assert browser_of(alice).get(TODAY).context["today"].count_of_needs == 0


def test_who_may_not_connect_sees_why_and_no_button(alice, channel):
    channel.mark_needs_reconnect("TikTok took the permission back.")
    row = needs_you(member(channel.workspace, Role.VIEWER), channel.workspace)

    assert "TikTok took the permission back." in row
    assert "<button" not in row
