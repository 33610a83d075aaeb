"""How often somebody may call. Counted in the database, so by all processes together."""

import ipaddress
import math
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.api.refusals import TooOften
from accounts.models import CallCount, User

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Limit:
    name: str
    calls: int
    window: timedelta = MINUTE


OF_ADDRESS = Limit("address", 1200)
OF_USER = Limit("user", 600)
OF_TOKENS = Limit("token", 20)  # for one address; wrong passwords are counted on their own
OF_SIGN_UPS = Limit("register", 20)  # for one address, as the sign-up page has it


@dataclass(frozen=True, slots=True)
class Usage:
    limit: Limit
    used: int
    seconds: int  # until the window ends

    @property
    def left(self) -> int:
        return max(0, self.limit.calls - self.used)


def count(request: HttpRequest, limit: Limit, *, of: str) -> None:
    """Count this call for `of`. Raises TooOften."""
    row = CallCount.add(f"{limit.name}:{of}", window=limit.window)
    ends_in = (row.window_began + limit.window - timezone.now()).total_seconds()
    usage = Usage(limit, row.used, max(1, math.ceil(ends_in)))
    usages: list[Usage] = request.__dict__.setdefault("usages", [])
    usages.append(usage)
    if row.used > limit.calls:
        raise TooOften(seconds=usage.seconds)


def count_address(request: HttpRequest, limit: Limit = OF_ADDRESS) -> None:
    count(request, limit, of=address_of(request))


def count_user(request: HttpRequest, user: User) -> None:
    count(request, OF_USER, of=str(user.pk))


def tell(request: HttpRequest, response: HttpResponse) -> None:
    """Say in the headers how much is left of the limit that is reached first."""
    usages: list[Usage] = request.__dict__.get("usages", [])
    if usages:
        tightest = min(usages, key=lambda usage: usage.left)
        response["RateLimit-Limit"] = str(tightest.limit.calls)
        response["RateLimit-Remaining"] = str(tightest.left)
        response["RateLimit-Reset"] = str(tightest.seconds)


def address_of(request: HttpRequest) -> str:
    """Who has one address of IPv6 has a whole network of them: that counts as one."""
    address: str = get_adapter().get_client_ip(request)
    try:
        if ipaddress.ip_address(address).version == 4:
            return address
    except ValueError:
        return address[:40]  # a proxy's own name for who comes; all of them count as one
    return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
