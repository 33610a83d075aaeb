"""Which workspace a request is about is never ambiguous, also with two windows."""

import pytest
from django.urls import reverse

from accounts.models import Role, Workspace
from accounts.tests.browser import browser_of, words

pytestmark = [pytest.mark.django_db]

LIST, COMPOSER = reverse("posts:list"), reverse("posts:compose")


@pytest.fixture
def studio(alice) -> Workspace:
    studio = Workspace.objects.create(name="Studio")
    studio.memberships.create(user=alice, role=Role.OWNER)
    return studio


def test_opening_a_page_of_a_workspace_enters_it(alice, workspace, studio):
    browser = browser_of(alice)

    for each in (studio, workspace):
        page = words(browser.get(reverse("accounts:members", args=[each.pk])))
        assert f"You are in </span>{each.name}</a>" in page
        assert f"You are in </span>{each.name}</a>" in words(browser.get(LIST))


def test_opening_a_post_enters_its_workspace(alice, workspace, studio, plan):
    publication = plan(minutes=60)
    browser = browser_of(alice)
    browser.get(reverse("accounts:workspace", args=[studio.pk]))

    page = words(browser.get(reverse("posts:detail", args=[publication.post_id])))

    assert "You are in </span>alice's workspace</a>" in page


def test_a_window_that_was_left_open_stays_where_it_was(alice, workspace, studio, plan):
    plan(minutes=60, caption="Sunrise over the ridge")
    browser = browser_of(alice)
    browser.get(reverse("accounts:workspace", args=[studio.pk]))  # in another window

    asked = {"HX-Request": "true", "X-Workspace": str(workspace.pk)}
    assert "Sunrise over the ridge" in words(browser.get(LIST, headers=asked))
    assert "Sunrise over the ridge" not in words(browser.get(LIST))


def test_what_a_page_of_a_lost_workspace_sends_lands_nowhere(alice, bob, workspace):
    workspace.memberships.create(user=bob, role=Role.EDITOR)
    browser = browser_of(bob)
    browser.get(reverse("accounts:workspace", args=[workspace.pk]))
    browser.get(COMPOSER)
    form = {
        "workspace": str(workspace.pk),
        "caption": "What I saw",
        "csrfmiddlewaretoken": browser.cookies["csrftoken"].value,
    }
    workspace.memberships.filter(user=bob).delete()

    encoded = "&".join(f"{name}={value.replace(' ', '+')}" for name, value in form.items())
    answer = browser.post(COMPOSER, encoded, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 404


@pytest.mark.parametrize("named", ["", "x", "-1", "1" * 400, "²"])
def test_nonsense_names_nothing(alice, workspace, named):
    header = {"X-Workspace": named.encode().decode("latin-1")}

    assert browser_of(alice).get(LIST, headers=header).status_code == 200
