"""Sign-up, access tokens, and who somebody is."""

import zoneinfo
from typing import Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Form, Schema, Status
from pydantic import Field, field_validator

from accounts.api import entering
from accounts.api.bodies import FormBody
from accounts.api.endpoints import Room, caller_in
from accounts.api.examples import USER, WORKSPACE, Example
from accounts.api.limits import OF_SIGN_UPS, OF_TOKENS
from accounts.api.schemas import Strict
from accounts.api.tokens import lifetime, make_token
from accounts.models import Membership, Role

people = Room(tags=["People"])

CAROL = {"username": "carol", "email": "carol@example.com", "time_zone": "Europe/Berlin"}


class SignUp(Strict):
    username: str = Field(max_length=150)
    email: str = Field(max_length=254)
    password: str = Field(max_length=1000)
    time_zone: str = Field("UTC", max_length=64, description="Such as Europe/Berlin.")

    @field_validator("time_zone")
    @classmethod
    def exists(cls, name: str) -> str:
        if name not in zoneinfo.available_timezones():
            raise ValueError("This is not a time zone. Try one like Europe/Berlin")
        return name


class SignedUp(Schema):
    id: int | None = Field(description="Empty until the e-mail address is confirmed.")
    username: str
    email: str
    time_zone: str
    email_confirmation: Literal["not_needed", "sent"]


class Token(Schema):
    access_token: str
    token_type: Literal["bearer"]
    expires_in: int = Field(description="Seconds.")


class Credentials(Schema):
    username: str = Field(max_length=254, description="The user name, or the e-mail address.")
    password: str = Field(max_length=1000)
    otp: str = Field(
        "",
        max_length=40,
        description="With two-factor on: the code that the app shows, or a recovery code.",
    )


class InWorkspace(Schema):
    id: int
    name: str
    role: Role
    is_personal: bool


class Me(Schema):
    id: int
    username: str
    email: str
    name: str
    time_zone: str
    workspaces: list[InWorkspace]


@people.endpoint(
    "POST",
    "/register",
    gives={201: SignedUp},
    is_open=True,
    errors=(403, 409, 422),
    limit=OF_SIGN_UPS,
    summary="Sign up",
    example=Example(
        body=CAROL | {"password": "correct horse battery staple"},
        answer=CAROL | {"id": 6, "email_confirmation": "not_needed"},
    ),
)
def register(request: HttpRequest, body: SignUp) -> Status[SignedUp]:
    """By the same rules as the sign-up page: whether it is open, passwords, e-mail, and whether the
    address must be confirmed first."""
    user = entering.sign_up(request, **body.model_dump())
    waits = settings.EMAIL_CONFIRMATION
    return Status(
        201,
        SignedUp(
            # The answer is the same for an address that somebody has: nobody learns that here.
            id=None if waits or user is None else user.pk,
            username=body.username,
            email=body.email.lower(),
            time_zone=body.time_zone,
            email_confirmation="sent" if waits else "not_needed",
        ),
    )


@people.endpoint(
    "POST",
    "/token",
    gives={200: Token},
    is_open=True,
    errors=(401, 403, 422),
    body=FormBody("username", "password", "otp", "grant_type", "scope"),
    remembers=False,
    limit=OF_TOKENS,
    summary="Get an access token",
    example=Example(
        form={"username": "alice", "password": "sesame street 9"},
        answer={
            "access_token": "eyJhbGciOiJIUzI1NiIs…",
            "token_type": "bearer",
            "expires_in": 1800,
        },
    ),
)
def token(request: HttpRequest, form: Form[Credentials]) -> Token:
    """Send it as `Authorization: Bearer`. A changed password ends it before its time.

    With two-factor on and no `otp`: 401 `otp_required`. Who has no password, or only a passkey:
    401 `use_api_key`.
    """
    user = entering.log_in(
        request, username=form.username, password=form.password, otp=form.otp.strip()
    )
    return Token(
        access_token=make_token(user),
        token_type="bearer",  # noqa: S106 - the name of a kind
        expires_in=int(lifetime().total_seconds()),
    )


@people.endpoint(
    "GET",
    "/users/me",
    gives={200: Me},
    summary="Who am I",
    example=Example(
        answer={
            "id": USER,
            "username": "alice",
            "email": "alice@example.com",
            "name": "Alice Liddell",
            "time_zone": "Europe/Berlin",
            "workspaces": [
                {
                    "id": WORKSPACE,
                    "name": "alice's workspace",
                    "role": "owner",
                    "is_personal": True,
                }
            ],
        }
    ),
)
def me(request: HttpRequest) -> Me:
    """The person, and their workspaces. An API key sees the one that it belongs to."""
    caller = caller_in(request)
    user = caller.user
    mine = Membership.objects.filter(user=user).select_related("workspace")
    if caller.key:
        mine = mine.filter(workspace=caller.workspace)
    return Me(
        id=user.pk,
        username=user.username,
        email=user.email,
        name=user.get_full_name(),
        time_zone=user.time_zone,
        workspaces=[
            InWorkspace(
                id=each.workspace.pk,
                name=each.workspace.name,
                role=Role(each.role),
                is_personal=each.workspace.personal_of_id == user.pk,
            )
            for each in mine.order_by("workspace__name", "pk")
        ],
    )
