"""Sign up, log in, log out, forget the password: by the pages, with a browser."""

import re

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User, Workspace
from accounts.tests.browser import browser_of, fill_in, is_logged_in, words

pytestmark = [pytest.mark.django_db]

PASSWORD = "correct horse battery staple"
SIGNUP, LOGIN = reverse("account_signup"), reverse("account_login")


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


@pytest.fixture
def visitor() -> Client:
    return browser_of()


def sign_up(visitor: Client, **fields: str):
    given = {
        "username": "carol",
        "email": "carol@example.com",
        "password1": PASSWORD,
        "time_zone": "Asia/Tokyo",
    }
    return fill_in(visitor, SIGNUP, **given | fields)


def test_carol_signs_up_and_has_a_workspace_of_her_own(visitor):
    answer = sign_up(visitor)

    assert answer.status_code == 302
    assert answer["Location"] == reverse("today")
    carol = User.objects.get()
    assert is_logged_in(visitor)
    [membership] = carol.memberships.all()
    assert membership.role == Role.OWNER
    assert membership.workspace == Workspace.personal_for(carol)
    assert visitor.get(reverse("posts:list")).status_code == 200


def test_the_browser_tells_the_time_zone(visitor):
    page = visitor.get(SIGNUP).content.decode()
    assert re.search(r'<input type="hidden" name="time_zone"[^>]* data-time-zone', page)

    sign_up(visitor, time_zone="Asia/Tokyo")

    assert User.objects.get().time_zone == "Asia/Tokyo"


@pytest.mark.parametrize("nonsense", ["", "Mars/Olympus", "../../etc/passwd", "x" * 500])
def test_a_zone_that_does_not_exist_is_no_obstacle(visitor, nonsense):
    sign_up(visitor, time_zone=nonsense)

    assert User.objects.get().time_zone == "UTC"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("password1", "short", "too short"),
        ("password1", "password123", "too common"),
        ("email", "not an address", "valid email"),
        ("username", "alice", "Somebody already has this user name. Please choose another."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(visitor, alice, field, value, said):
    answer = sign_up(visitor, **{field: value})

    assert User.objects.count() == 1
    assert said in words(answer)
    assert answer.context["form"].errors.keys() == {field}


@pytest.mark.parametrize("name", ["alice", "alice@example.com", "ALICE@example.com"])
def test_alice_logs_in_by_name_or_by_address(visitor, alice, name):
    answer = fill_in(visitor, LOGIN, login=name, password="sesame street 9")

    assert answer["Location"] == reverse("today")
    assert is_logged_in(visitor)


def test_who_wanted_a_page_gets_it_after_the_log_in(visitor, alice):
    sent_away = visitor.get(reverse("accounts:channels"))
    assert sent_away["Location"] == f"{LOGIN}?next=/app/channels/"

    fields = {"login": "alice", "password": "sesame street 9", "next": "/app/channels/"}
    page = visitor.get(sent_away["Location"]).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    answer = visitor.post(LOGIN, fields | {"csrfmiddlewaretoken": token})

    assert 'name="next" value="/app/channels/"' in page
    assert answer["Location"] == "/app/channels/"


def test_a_log_in_leads_to_no_foreign_page(visitor, alice):
    fields = {"login": "alice", "password": "sesame street 9", "next": "https://evil.example/"}
    page = visitor.get(LOGIN).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]

    answer = visitor.post(LOGIN, fields | {"csrfmiddlewaretoken": token})

    assert answer["Location"] == reverse("today")


def test_a_wrong_password_says_nothing_about_who_exists(visitor, alice):
    for who in ("alice", "alice@example.com", "nobody", "nobody@example.com"):
        page = words(fill_in(visitor, LOGIN, login=who, password="wrong"))

        assert page.count("User name, e-mail or password is not right.") == 1
        assert not is_logged_in(visitor)


@pytest.mark.parametrize(("page", "first"), [(LOGIN, "login"), (SIGNUP, "username")])
def test_typing_starts_in_the_first_field(visitor, page, first):
    focused = re.findall(r"<input[^>]* autofocus[^>]*>", visitor.get(page).content.decode())

    assert [re.search(r'name="(\w+)"', field)[1] for field in focused] == [first]


@pytest.mark.parametrize("printed", [True, False])
def test_who_practises_is_told_where_the_mail_is(visitor, alice, settings, printed):
    settings.MAIL_IS_PRINTED = printed

    pages = [reverse("account_reset_password_done"), reverse("account_email_verification_sent")]

    told = ["printed in the terminal that runs make run" in words(visitor.get(p)) for p in pages]
    assert told == [printed] * 2


def test_guessing_is_slowed_down_and_a_made_up_address_does_not_help(visitor, alice):
    for guess in range(12):
        token = re.search(
            r'name="csrfmiddlewaretoken" value="(\w+)"', visitor.get(LOGIN).content.decode()
        )[1]
        answer = visitor.post(
            LOGIN,
            {"csrfmiddlewaretoken": token, "login": "alice", "password": f"guess {guess}"},
            headers={"X-Forwarded-For": f"203.0.113.{guess}"},
        )

    assert "Too many failed login attempts" in words(answer)
    fill_in(visitor, LOGIN, login="alice", password="sesame street 9")
    assert not is_logged_in(visitor)


def test_logging_out_takes_a_button_and_ends_the_session(visitor, alice):
    visitor.force_login(alice)
    logout = reverse("account_logout")
    visitor.get(logout)
    assert is_logged_in(visitor)

    answer = fill_in(visitor, logout)

    assert answer["Location"] == reverse("landing")
    assert not is_logged_in(visitor)


def test_a_forgotten_password_is_set_anew_by_mail(visitor, alice):
    fill_in(visitor, reverse("account_reset_password"), email="alice@example.com")
    [message] = mail.outbox
    assert message.to == ["alice@example.com"]
    [link] = re.findall(r"http://localhost:8000(/\S+)", message.body)
    form = visitor.get(link)["Location"]

    fill_in(visitor, form, password1=PASSWORD, password2=PASSWORD)

    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    assert visitor.get(link).status_code == 200  # it works once
    assert User.objects.get().check_password(PASSWORD)


def test_a_link_in_mail_leads_home_whatever_host_was_named(visitor, alice):
    page = reverse("account_reset_password")
    visitor.get(page)
    token = {"csrfmiddlewaretoken": visitor.cookies["csrftoken"].value}

    visitor.post(page, token | {"email": "alice@example.com"}, headers={"host": "localhost:6666"})

    [message] = mail.outbox
    assert re.findall(r"https?://[^/\s]+", message.body) == ["http://localhost:8000"]


def test_asking_for_a_strangers_password_tells_nothing(visitor, alice):
    known = fill_in(visitor, reverse("account_reset_password"), email="alice@example.com")
    unknown = fill_in(visitor, reverse("account_reset_password"), email="no@example.com")

    assert known["Location"] == unknown["Location"]


def test_a_long_password_counts_to_its_last_letter(visitor, settings):
    """bcrypt by itself looks at 72 bytes only."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.BCryptSHA256PasswordHasher"]
    long = "é" * 60 + " and then a word"

    sign_up(visitor, password1=long)

    carol = User.objects.get()
    assert identify_hasher(carol.password).algorithm == "bcrypt_sha256"
    assert carol.check_password(long)
    assert not carol.check_password(long[:-1])


@pytest.fixture
def confirmation(settings):
    """As on a server, where an address counts once it is confirmed."""
    settings.EMAIL_CONFIRMATION = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False


def mailed_code() -> str:
    [code] = re.findall(r"^[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}$", str(mail.outbox[-1].body), re.MULTILINE)
    return code


CONFIRM = reverse("account_email_verification_sent")


def test_where_addresses_are_confirmed_a_code_lets_carol_in(visitor, confirmation):
    assert sign_up(visitor)["Location"] == CONFIRM
    assert not is_logged_in(visitor)
    [message] = mail.outbox
    assert message.to == ["carol@example.com"]

    wrong = words(fill_in(visitor, CONFIRM, code="AAAAAA"))
    assert "This code is not right." in wrong
    assert not is_logged_in(visitor)

    answer = fill_in(visitor, CONFIRM, code=mailed_code())
    assert answer["Location"] == reverse("today")
    assert is_logged_in(visitor)


def test_an_unconfirmed_address_is_asked_for_at_the_next_log_in(visitor, confirmation):
    sign_up(visitor)
    cache.clear()  # a mail to one address every ten seconds
    later = browser_of()

    answer = fill_in(later, LOGIN, login="carol", password=PASSWORD)

    assert answer["Location"] == CONFIRM
    assert not is_logged_in(later)
    fill_in(later, CONFIRM, code=mailed_code())
    assert is_logged_in(later)


def test_a_code_of_one_browser_is_none_in_another(visitor, confirmation):
    sign_up(visitor)

    answer = browser_of().get(CONFIRM)

    assert answer["Location"] == LOGIN


def test_three_wrong_codes_end_it(visitor, confirmation):
    sign_up(visitor)
    right = mailed_code()

    for guess in ("AAAAAA", "BBBBBB", "CCCCCC"):
        answer = fill_in(visitor, CONFIRM, code=guess)

    assert answer["Location"] == LOGIN
    assert visitor.get(CONFIRM)["Location"] == LOGIN
    visitor.post(CONFIRM, {"code": right})
    assert not is_logged_in(visitor)
