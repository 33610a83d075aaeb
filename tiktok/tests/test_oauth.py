"""Tokens stay alive, whoever asks, and however many ask at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Channel
from tiktok import oauth
from tiktok.client import TikTokClient
from tiktok.errors import NeedsReconnect, RateLimited, ServerFault, Temporary
from tiktok.oauth import tokens_alive
from tiktok.tests.connecting import refreshes

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


def who_is(sandbox, token: str) -> str | None:
    with TikTokClient(token, base_url=sandbox.url) as client:
        return client.user_info(["user.info.basic"]).display_name


def test_a_token_that_lives_long_enough_is_used_as_it_is(channel, sandbox):
    assert oauth.access_token(channel) == channel.access_token
    assert refreshes(sandbox) == []


def test_a_token_near_its_end_is_refreshed_and_both_tokens_change(tired, sandbox):
    old_access, old_refresh = tired.access_token, tired.refresh_token

    token = oauth.access_token(tired)

    assert who_is(sandbox, token) == "Alice.Films"
    assert refreshes(sandbox) == [old_refresh]
    row = Channel.objects.get(pk=tired.pk)
    assert row.access_token == token != old_access
    assert row.refresh_token != old_refresh
    assert row.token_version == 1
    assert row.refreshing_until is None
    assert row.token_is_fresh_for(timedelta(minutes=115))
    # Whoever holds the row already knows the new token too.
    assert tired.access_token == token
    assert tired.token_version == 1


def test_what_lives_long_enough_depends_on_what_it_is_for(tired, sandbox):
    assert oauth.access_token(tired, alive_for=timedelta(minutes=4)) == tired.access_token
    assert refreshes(sandbox) == []


def test_tokens_that_live_shorter_than_we_wish_are_used_all_the_same(tired, sandbox):
    sandbox.change_settings(access_token_seconds=60)

    token = oauth.access_token(tired)

    assert who_is(sandbox, token) == "Alice.Films"
    assert len(refreshes(sandbox)) == 1


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_make_one_refresh(tired, sandbox):
    held = sandbox.add_trouble("oauth_token", "hold", grant_type="refresh_token")
    pool = ThreadPoolExecutor(8)
    answers = [pool.submit(_in_a_thread, tired.pk) for _ in range(8)]

    assert sandbox.wait_for_trouble(held)
    sandbox.release_trouble(held)
    tokens = {answer.result(timeout=30) for answer in answers}
    pool.shutdown()

    tired.refresh_from_db()
    assert tokens == {tired.access_token}
    assert who_is(sandbox, tired.access_token) == "Alice.Films"
    assert len(refreshes(sandbox)) == 1
    assert tired.token_version == 1


def _in_a_thread(pk: int) -> str:
    try:
        return oauth.access_token(Channel.objects.get(pk=pk))
    finally:
        connections.close_all()


def test_an_answer_that_never_left_tiktok_is_asked_for_once_more(tired, sandbox):
    sandbox.add_trouble("oauth_token", "reset_before", grant_type="refresh_token")

    token = oauth.access_token(tired)

    assert who_is(sandbox, token) == "Alice.Films"
    assert len(refreshes(sandbox)) == 2


def test_a_refresh_whose_answer_got_lost_ends_in_a_reconnect(tired, sandbox):
    """TikTok has rotated the token, and only the lost answer had the new one."""
    sandbox.add_trouble("oauth_token", "reset_after", grant_type="refresh_token")

    with pytest.raises(NeedsReconnect):
        oauth.access_token(tired)

    row = Channel.objects.get(pk=tired.pk)
    assert row.health == "needs_reconnect"
    assert row.refreshing_until is None
    assert len(refreshes(sandbox)) == 2


def test_access_that_was_withdrawn_turns_the_account_red(tired, sandbox):
    sandbox.remove_access("alice.films")

    with pytest.raises(NeedsReconnect):
        oauth.access_token(tired)

    row = Channel.objects.get(pk=tired.pk)
    assert row.health == "needs_reconnect"
    assert row.health_reason == tokens_alive.ENDED
    # And from then on TikTok is not asked any more.
    with pytest.raises(NeedsReconnect, match="access was withdrawn there"):
        oauth.access_token(row)
    assert len(refreshes(sandbox)) == 1


@pytest.mark.parametrize("with_200", [False, True])
def test_the_status_of_a_refusal_does_not_matter(tired, sandbox, with_200):
    sandbox.change_settings(invalid_grant_with_200=with_200)
    sandbox.remove_access("alice.films")

    with pytest.raises(NeedsReconnect):
        oauth.access_token(tired)

    assert Channel.objects.get(pk=tired.pk).health == "needs_reconnect"


@pytest.mark.django_db(transaction=True)
def test_a_refusal_of_an_old_token_does_not_end_a_new_connection(tired, sandbox):
    """While a worker refreshes, the account is reconnected: the worker's token is the old one."""
    held = sandbox.add_trouble("oauth_token", "hold", grant_type="refresh_token")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(_in_a_thread, tired.pk)
        assert sandbox.wait_for_trouble(held)
        sandbox.remove_access("alice.films")
        new = sandbox.connect("alice.films")
        row = Channel.objects.get(pk=tired.pk)
        row.store_tokens(
            access_token=new["access_token"],
            refresh_token=new["refresh_token"],
            access_expires_at=timezone.now() + timedelta(hours=2),
            refresh_expires_at=None,
            scopes=row.scopes,
        )
        sandbox.release_trouble(held)

        assert answer.result(timeout=30) == new["access_token"]
    assert Channel.objects.get(pk=tired.pk).health == "connected"


def test_trouble_at_tiktok_costs_neither_tokens_nor_claim(tired, sandbox):
    sandbox.add_trouble(
        "oauth_token", "code", code="server_error", grant_type="refresh_token", times=2
    )

    with pytest.raises(ServerFault):
        oauth.access_token(tired)

    row = Channel.objects.get(pk=tired.pk)
    assert row.health == "connected"
    assert row.refreshing_until is None
    assert who_is(sandbox, oauth.access_token(row)) == "Alice.Films"


def test_a_request_to_slow_down_is_obeyed(tired, sandbox):
    sandbox.add_trouble("oauth_token", "status", status=429, grant_type="refresh_token")

    with pytest.raises(RateLimited):
        oauth.access_token(tired)

    assert len(refreshes(sandbox)) == 1


def test_a_token_that_tiktok_calls_dead_is_replaced(channel, sandbox):
    dead = channel.access_token

    token = oauth.refresh(channel, stale=dead)

    assert token != dead
    assert who_is(sandbox, token) == "Alice.Films"
    # A second worker that met the same dead token gets the new one without asking TikTok.
    assert oauth.refresh(Channel.objects.get(pk=channel.pk), stale=dead) == token
    assert len(refreshes(sandbox)) == 1


def test_the_claim_of_a_dead_worker_ends_by_itself(tired, sandbox):
    tired.refreshing_until = timezone.now() - timedelta(seconds=1)
    tired.save()

    assert who_is(sandbox, oauth.access_token(tired)) == "Alice.Films"


def test_nobody_waits_for_ever_for_the_refresh_of_another(tired, sandbox, monkeypatch):
    monkeypatch.setattr(tokens_alive, "WAIT_SECONDS", 0.3)
    tired.refreshing_until = timezone.now() + timedelta(minutes=1)
    tired.save()

    with pytest.raises(Temporary):
        oauth.access_token(tired)

    assert refreshes(sandbox) == []


def test_keys_that_can_not_be_read_any_more_ask_for_a_reconnect(tired, settings):
    settings.TOKEN_ENCRYPTION_KEYS = ["quite another key"]

    with pytest.raises(NeedsReconnect, match="TOKEN_ENCRYPTION_KEYS"):
        oauth.access_token(tired)

    assert Channel.objects.get(pk=tired.pk).health == "needs_reconnect"


def test_a_refresh_keeps_the_permissions(tired, sandbox):
    before = tired.scopes

    oauth.access_token(tired)

    assert Channel.objects.get(pk=tired.pk).scopes == before


@pytest.fixture
def slow_and_next(tired, time_machine):
    """The row of a worker whose claim has ended while it asked, and that of who claimed next."""
    slow, following = (Channel.objects.get(pk=tired.pk) for _ in range(2))
    assert slow.claim_refresh(seconds=tokens_alive.CLAIM_SECONDS)
    time_machine.move_to(timezone.now() + timedelta(minutes=2), tick=True)
    assert following.claim_refresh(seconds=tokens_alive.CLAIM_SECONDS)
    return slow, following


def test_a_slow_worker_does_not_give_back_the_claim_of_the_next(slow_and_next, tired):
    slow, following = slow_and_next

    slow.release_refresh()

    row = Channel.objects.get(pk=tired.pk)
    assert row.refreshing_until == following.refreshing_until
    assert not row.claim_refresh(seconds=tokens_alive.CLAIM_SECONDS)
    following.release_refresh()
    assert row.claim_refresh(seconds=tokens_alive.CLAIM_SECONDS)


def test_a_slow_worker_does_not_end_the_connection_that_the_next_renews(
    slow_and_next, tired, sandbox, alice
):
    """The token was used up by whoever claimed next, and has stored nothing yet."""
    slow, following = slow_and_next
    tokens = tokens_alive._ask(following.refresh_token)

    assert tokens_alive._refresh_claimed(slow) is False
    assert tokens_alive._store(following, tokens)

    tired.refresh_from_db()
    assert tired.is_usable
    assert who_is(sandbox, tired.access_token) == "Alice.Films"
    assert alice.notifications.count() == 0
