"""Every address of the site, read from its own map, so that a new page can not be forgotten."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern

_PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    name: str  # with its namespace; empty where nobody gave it one
    route: str  # as it is written in the map
    arguments: tuple[str, ...]  # the names of what the address itself carries
    plain: bool  # written as a route, not as a regular expression

    def __str__(self) -> str:
        return self.name or self.route

    def path(self, values: Mapping[str, object]) -> str:
        """Where it is when it carries `values`."""
        if self.plain:
            return "/" + _PLACEHOLDER.sub(lambda found: str(values[found[1]]), self.route)
        return reverse(self.name, kwargs={name: values[name] for name in self.arguments})


def all_addresses() -> list[Address]:
    """All but the admin's own, which stands behind one door that its own tests try, and the API's,
    which knows no log-in: its endpoints are tried for each role (test_api_roles.py)."""
    return list(_walk(get_resolver().url_patterns))


def _walk(
    patterns: list[URLPattern | URLResolver],
    *,
    before: str = "",
    carried: tuple[str, ...] = (),
    plain: bool = True,
    namespace: tuple[str, ...] = (),
) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        arguments = (*carried, *pattern.pattern.regex.groupindex)
        is_plain = plain and isinstance(pattern.pattern, RoutePattern)
        if isinstance(pattern, URLPattern):
            name = ":".join([*namespace, pattern.name]) if pattern.name else ""
            yield Address(name=name, route=route, arguments=arguments, plain=is_plain)
        elif pattern.namespace not in {"admin", "api"}:
            inside = (*namespace, pattern.namespace) if pattern.namespace else namespace
            yield from _walk(
                pattern.url_patterns,
                before=route,
                carried=arguments,
                plain=is_plain,
                namespace=inside,
            )
