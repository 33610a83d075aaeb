"""Log-in with TikTok: only for who has linked it, and never by way of a connected account."""

import os
import subprocess
import sys

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers import registry
from django.conf import settings as django_settings
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import Channel, User
from accounts.tests.browser import browser_of, fill_in, is_logged_in, words
from tiktok.login.provider import TikTokLogin
from tiktok.tests import urls_with_login
from tiktok.tests.connecting import come_back, connect, consent, refuse

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def login_offered(settings, sandbox):
    """As outside of practice mode: the sandbox stands for the real TikTok."""
    settings.PRACTICE_MODE = False
    app = {"client_id": settings.TIKTOK_CLIENT_KEY, "secret": settings.TIKTOK_CLIENT_SECRET}
    settings.SOCIALACCOUNT_PROVIDERS = {"tiktok": {"APPS": [app]}}
    settings.ROOT_URLCONF = urls_with_login.__name__
    registry.register(TikTokLogin)
    yield
    del registry.provider_map[TikTokLogin.id]


def go_to_tiktok(browser: Client, process: str) -> str:
    """Press the button that leads to TikTok; the address of its consent page."""
    page = f"{reverse('tiktok_login')}?process={process}"
    shown = browser.get(page)
    assert shown.status_code == 200
    token = browser.cookies["csrftoken"].value
    answer = browser.post(page, {"csrfmiddlewaretoken": token})
    assert answer.status_code == 302
    return answer["Location"]


def test_holding_a_connected_account_logs_nobody_in(alice, creator, login_offered):
    connect(browser_of(alice), "alice.films")
    assert Channel.objects.count() == 1
    browser = browser_of()

    answer = come_back(browser, consent(go_to_tiktok(browser, "login"), "alice.films"))

    assert answer.status_code == 200
    assert "Sign-up is closed" in words(answer)
    assert not is_logged_in(browser)
    assert list(User.objects.all()) == [alice]
    assert SocialAccount.objects.count() == 0


def test_connecting_makes_no_way_to_log_in(alice, creator, login_offered):
    connect(browser_of(alice), "alice.films")

    assert SocialAccount.objects.count() == 0
    assert SocialToken.objects.count() == 0


def test_who_has_linked_it_can_log_in(alice, creator, login_offered):
    browser = browser_of(alice)
    come_back(browser, consent(go_to_tiktok(browser, "connect"), "alice.films"))
    assert SocialAccount.objects.get().user == alice
    elsewhere = browser_of()

    answer = come_back(elsewhere, consent(go_to_tiktok(elsewhere, "login"), "alice.films"))

    assert answer["Location"] == reverse("today")
    assert elsewhere.session["_auth_user_id"] == str(alice.pk)
    # Linking is no connection, and leaves no token behind.
    assert Channel.objects.count() == 0
    assert SocialToken.objects.count() == 0


def test_a_browser_that_was_left_open_links_nothing(alice, creator, login_offered):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)

    asked = come_back(browser, consent(go_to_tiktok(browser, "connect"), "alice.films"))
    assert asked["Location"] == reverse("account_reauthenticate")
    assert SocialAccount.objects.count() == 0

    fill_in(browser, asked["Location"], password="sesame street 9")
    assert SocialAccount.objects.get().user == alice


def test_a_linked_account_of_one_person_is_not_linked_to_another(
    alice, bob, creator, login_offered
):
    first, second = browser_of(alice), browser_of(bob)
    come_back(first, consent(go_to_tiktok(first, "connect"), "alice.films"))

    come_back(second, consent(go_to_tiktok(second, "connect"), "alice.films"))

    assert SocialAccount.objects.get().user == alice


def test_a_log_in_asks_for_nothing_but_who_it_is(creator, sandbox, login_offered):
    page = go_to_tiktok(browser_of(), "login")

    assert "scope=user.info.basic&" in page
    assert page.startswith(f"{sandbox.url}/v2/auth/authorize/?")


def test_a_refused_log_in_leads_back(login_offered, creator):
    browser = browser_of()

    answer = come_back(browser, refuse(go_to_tiktok(browser, "login")))

    assert answer.status_code == 302
    assert answer["Location"] == reverse("socialaccount_login_cancelled")


def test_trouble_at_tiktok_is_no_log_in_and_no_crash(creator, sandbox, login_offered):
    browser = browser_of()
    page = go_to_tiktok(browser, "login")
    sandbox.add_trouble("user_info", "no_ok")

    answer = come_back(browser, consent(page, "alice.films"))

    assert "That log-in did not work" in words(answer)
    assert not is_logged_in(browser)


def test_connecting_works_as_before_where_log_in_is_offered(alice, creator, login_offered):
    answer = connect(browser_of(alice), "alice.films")

    assert answer["Location"] == reverse("accounts:channels")
    assert Channel.objects.get().health == "connected"


def test_in_practice_mode_the_sandbox_vouches_for_nobody(alice, sandbox):
    with pytest.raises(NoReverseMatch):
        reverse("tiktok_login")
    assert "tiktok" not in registry.provider_map
    page = words(Client().get(reverse("account_login")))
    assert "Continue with" not in page
    assert "3rdparty" not in words(browser_of(alice).get(reverse("accounts:settings")))


def test_with_a_key_of_tiktoks_everything_is_mounted_once():
    """allauth mounts the `urls` beside a provider, which must not be the app's own."""
    program = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from django.urls import reverse\n"
        "call_command('check')\n"  # complains of a namespace that is mounted twice
        "print(reverse('tiktok_login'), reverse('tiktok:callback'))\n"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "scheduler.settings",
        "TIKTOK_CLIENT_KEY": "aw1",
        "TIKTOK_CLIENT_SECRET": "s",
        "TIKTOK_REDIRECT_URI": "http://localhost:8000/come/back/",
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=environment,
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "/account/tiktok/login/ /come/back/"
