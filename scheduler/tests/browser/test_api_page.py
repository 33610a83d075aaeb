"""The page of the API, in a real browser under our own rules for what pages may load."""

import requests
from playwright.sync_api import Page, expect

from scheduler.tests.house import House

DORA = {"username": "dora", "password": "sesame street 9"}


def test_the_api_can_be_tried_on_its_page(at_home: Page, house: House):
    signed_up = requests.post(
        f"{house.url}/register", json=DORA | {"email": "dora@example.com"}, timeout=30
    )
    assert signed_up.status_code == 201
    token = requests.post(f"{house.url}/token", data=DORA, timeout=30).json()["access_token"]
    page = at_home

    page.goto(f"{house.url}/docs")
    page.get_by_role("button", name="Authorize", exact=True).click()
    page.get_by_role("textbox").fill(token)
    page.locator(".modal-ux").get_by_role("button", name="Apply credentials").click()
    page.locator(".modal-ux").get_by_role("button", name="Close").click()
    me = page.locator("#operations-People-me")
    me.click()
    me.get_by_role("button", name="Try it out").click()
    me.get_by_role("button", name="Execute").click()

    expect(me.locator(".live-responses-table")).to_contain_text('"username": "dora"')
