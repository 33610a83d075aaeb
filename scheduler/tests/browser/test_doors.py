"""Ways in and out, in a real browser: sign-up, a forgotten password, two-factor, a passkey."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import Browser, Page, expect

from posts.tests.mail_server import MailServer, a_mail_server
from scheduler.tests.house import House, wait_for
from tiktok.tests.stage import PASSWORD

NEW_PASSWORD = "correct horse battery staple"
A_PERSON = """
from allauth.account.models import EmailAddress
from tiktok.tests import stage
person = stage.person({name!r}, time_zone="Europe/Berlin")
EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
"""


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    with a_mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory, mail_server: MailServer) -> Iterator[House]:
    """As on a server: addresses are confirmed, and mail is sent."""
    folder = tmp_path_factory.mktemp("a-house-with-doors")
    mail = f"smtp://127.0.0.1:{mail_server.port}"
    with House(folder, EMAIL_URL=mail, EMAIL_CONFIRMATION="true") as house:
        yield house


def mailed(server: MailServer, pattern: str) -> str:
    """What matches in the mail that comes next."""
    wait_for(lambda: server.received, what="the mail")
    _, mail = server.received.pop()
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(pattern, body.get_content(), re.MULTILINE)
    assert found, body.get_content()
    return found.group()


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Username or email").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()


def log_out(page: Page, house: House) -> None:
    page.goto(f"{house.url}/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    page.goto(f"{house.url}/account/login/")


def prove(page: Page) -> None:
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def is_in(page: Page) -> None:
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_fiona_signs_up_and_later_forgets_her_password(
    at_home: Page, house: House, mail_server: MailServer
):
    page = at_home
    page.get_by_role("link", name="Sign up").first.click()
    page.get_by_label("Username").fill("fiona")
    page.get_by_label("Email").fill("fiona@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Type the code from your mail")).to_be_visible()
    page.get_by_label("Code").fill(mailed(mail_server, r"^[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}(?=\s)"))
    page.get_by_role("button", name="Confirm").click()
    is_in(page)

    log_out(page, house)
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Email").fill("fiona@example.com")
    page.get_by_role("button", name="Send the link").click()
    page.goto(mailed(mail_server, rf"{house.url}/\S+"))
    for label in ("New Password", "New Password (again)"):
        page.get_by_label(label, exact=True).fill(NEW_PASSWORD)
    page.get_by_role("button", name="Save the new password").click()
    page.get_by_role("link", name="Log in").click()
    log_in(page, "fiona@example.com", NEW_PASSWORD)
    is_in(page)


def test_gina_switches_two_factor_on_and_off(at_home: Page, house: House):
    house.shell(A_PERSON.format(name="gina"))
    page = at_home
    page.goto(f"{house.url}/account/login/")
    log_in(page, "gina")
    is_in(page)

    page.goto(f"{house.url}/account/2fa/")
    page.get_by_role("link", name="Switch on").click()
    prove(page)
    secret = page.locator("#authenticator-secret").inner_text()
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    page.get_by_label("Authenticator code").fill(code)
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    [spare, *_] = page.locator("#recovery-codes li").all_inner_texts()
    with page.expect_download() as kept:
        page.get_by_role("link", name="Download").click()
    assert spare in kept.value.path().read_text()

    log_out(page, house)
    log_in(page, "gina")
    expect(page.get_by_role("heading", name="One more proof, please")).to_be_visible()
    page.get_by_label("Code").fill(spare)
    page.get_by_role("button", name="Log in").click()
    is_in(page)

    page.goto(f"{house.url}/account/2fa/totp/deactivate/")
    prove(page)
    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_role("link", name="Switch on")).to_be_visible()


def test_hanna_comes_in_by_a_passkey_alone(at_home: Page, house: House):
    house.shell(A_PERSON.format(name="hanna"))
    page = at_home
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    abilities = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    abilities |= {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": abilities})
    page.goto(f"{house.url}/account/login/")
    log_in(page, "hanna")
    is_in(page)

    page.goto(f"{house.url}/account/2fa/webauthn/")
    page.get_by_role("link", name="Add a passkey").click()
    prove(page)
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{house.url}/account/2fa/webauthn/")
    page.get_by_role("link", name="Rename Laptop").click()
    page.get_by_label("Name").fill("Old laptop")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Rename Old laptop")).to_be_visible()

    log_out(page, house)
    page.get_by_role("button", name="Log in with a passkey").click()
    is_in(page)

    page.goto(f"{house.url}/account/2fa/webauthn/")
    page.get_by_role("link", name="Remove Old laptop").click()
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("heading", name="No passkey yet")).to_be_visible()

    log_out(page, house)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_text("That is not right, or it was used already.")).to_be_visible()


def test_on_a_journey_the_zone_of_the_device_is_offered(
    browser: Browser, house: House, complaints: list[str]
):
    house.shell(A_PERSON.format(name="ines"))
    abroad = browser.new_context(timezone_id="Asia/Tokyo")
    page = abroad.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{house.url}/account/login/")
    log_in(page, "ines")

    expect(page.get_by_text("this device is in Asia/Tokyo")).to_be_visible()
    page.get_by_role("button", name="Keep Europe/Berlin").click()
    page.goto(f"{house.url}/app/settings/")
    expect(page.get_by_text("this device is in Asia/Tokyo")).to_be_hidden()
    page.evaluate("localStorage.clear()")
    page.reload()
    page.get_by_role("button", name="Change it").click()

    expect(page.get_by_text("Your times are shown in Asia/Tokyo now.")).to_be_visible()
    expect(page.get_by_text("this device is in Asia/Tokyo")).to_be_hidden()
    abroad.close()
