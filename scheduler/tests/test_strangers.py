"""Over every address of the site: nobody sees anything without logging in, and Bob, a member of
another workspace, finds nothing of Alice's: not by address, not in a list, not by a form."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import ApiKey, Channel, Invitation, Membership, User, Workspace
from accounts.tests.browser import prove
from posts.models import (
    Comment,
    Media,
    Post,
    PostMedia,
    Publication,
    PublicationMedia,
    Upload,
    WorkspaceCopy,
)
from scheduler.tests.addresses import all_addresses
from scheduler.tests.belongings import FOR_ALICES_EYES, SECRETS, path_of
from tiktok.models import ConnectState

pytestmark = pytest.mark.django_db

# What anybody may open. Each is a decision: an address is private unless it stands here.
PUBLIC = {
    "landing", "terms", "privacy", "healthz", "readyz",
    "styleguide",  # in development only
    # Coming in, finding back in, and going when one has gone already.
    "account_login", "account_signup", "account_inactive", "account_logout",
    "account_email_verification_sent", "account_confirm_email",
    "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
    "socialaccount_login_cancelled",
    # TikTok sends people back here, perhaps in a browser that nobody is signed in with.
    "tiktok:callback",
    # TikTok itself comes here, and signs what it says.
    "tiktok:webhook",
}  # fmt: skip

# Opens for the one browser that TikTok sent back; tiktok/tests tell how.
FOR_ONE_BROWSER = {"tiktok:confirm"}

ADDRESSES = all_addresses()
WITH_OBJECTS = [each for each in ADDRESSES if not set(each.arguments) <= set(SECRETS)]
WITHOUT_OBJECTS = [each for each in ADDRESSES if not each.arguments]
REFUSALS = {404, 405}
METHODS = ("get", "post", "put", "delete")


@pytest.fixture(params=["a member of another workspace", "an operator who is no member"])
def stranger(request, make_person) -> User:
    return make_person("bob", is_superuser="operator" in request.param)


@contextmanager
def visiting(client: Client, user: User | None) -> Iterator[None]:
    """Signed in as `user`, or as nobody; what is changed meanwhile is undone."""
    cache.clear()  # how often somebody may ask is not the matter here
    with transaction.atomic():
        client.logout()
        if user:
            client.force_login(user)
            prove(client, user)
        yield
        transaction.set_rollback(True)


def hides(answer: HttpResponse) -> bool:
    """Leads to the log-in, or says that there is nothing."""
    leads_to = answer.headers.get("Location", "")
    return answer.status_code in REFUSALS or leads_to.startswith(reverse("account_login"))


def test_without_logging_in_there_is_nothing_to_see(client, alices):
    shown = set()
    for address in ADDRESSES:
        path = path_of(address, alices)
        with visiting(client, None):
            if not all(hides(getattr(client, method)(path)) for method in METHODS):
                shown.add(str(address))
    assert shown == PUBLIC, (
        "Take @login_not_required away from what is private; add to PUBLIC what everybody may see."
    )


def test_what_is_alices_is_not_found_by_others(client, alices, stranger):
    before = what_alice_has()
    found = {}
    for address in WITH_OBJECTS:
        path = path_of(address, alices)
        with visiting(client, stranger):
            answers = [getattr(client, method)(path) for method in METHODS]
            found[str(address)] = {answer.status_code for answer in answers}
            assert what_alice_has() == before, address
    assert {name: codes for name, codes in found.items() if 404 not in codes} == {}
    assert {name: codes for name, codes in found.items() if codes - REFUSALS} == {}


def test_alice_herself_finds_it(client, alice, alices):
    """Else the test above would be true of an address that leads nowhere."""
    lost = {}
    for address in WITH_OBJECTS:
        path = path_of(address, alices)
        with visiting(client, alice):
            codes = [getattr(client, method)(path).status_code for method in METHODS]
        if set(codes) <= REFUSALS:
            lost[str(address)] = codes
    assert set(lost) == FOR_ONE_BROWSER, lost


def test_no_list_of_others_shows_what_is_alices(client, alice, alices, stranger):
    asking = [{name.removesuffix("_id"): value} for name, value in alices.items()]
    ours = [address for address in WITHOUT_OBJECTS if ":" in address.name]
    for address, query in [*product(WITHOUT_OBJECTS, [{}]), *product(ours, asking)]:
        with visiting(client, stranger):
            page = client.get(path_of(address, {}), query)
        body = b"".join(page.streaming_content) if page.streaming else page.content
        shown = [word for word in (FOR_ALICES_EYES, alice.email) if word.encode() in body]
        assert shown == [], f"{address} with {query}"


def test_no_form_of_others_takes_what_is_alices(client, alices, stranger):
    before = what_alice_has()
    form = {name.removesuffix("_id"): value for name, value in alices.items()} | alices
    form |= {"caption": "Bob was here", "mode": "draft", "action": "schedule"}
    for address in WITHOUT_OBJECTS:
        with visiting(client, stranger):
            client.post(path_of(address, {}), form)
            assert what_alice_has() == before, address


def what_alice_has() -> list[object]:
    """Every row that a stranger could have changed, and all that points at one."""
    alices = {"workspace__personal_of__username": "alice"}
    return [
        list(Post.objects.filter(**alices).values()),
        list(Media.objects.filter(**alices).values()),
        list(Publication.objects.filter(channel__in=Channel.objects.filter(**alices)).values()),
        list(Upload.objects.filter(**alices).values()),
        list(PostMedia.objects.filter(media__in=Media.objects.filter(**alices)).values()),
        list(PublicationMedia.objects.filter(media__in=Media.objects.filter(**alices)).values()),
        list(Comment.objects.filter(post__workspace__personal_of__username="alice").values()),
        list(ApiKey.objects.filter(membership__user__username="alice").values()),
        list(User.objects.filter(username="alice").values("email", "memberships", "is_active")),
        list(ConnectState.objects.filter(asked_by__username="alice").values()),
        list(Workspace.objects.filter(personal_of__username="alice").values()),
        list(Membership.objects.filter(workspace__personal_of__username="alice").values()),
        list(Invitation.objects.filter(**alices).values()),
        list(WorkspaceCopy.objects.filter(person__username="alice").values()),
    ]
