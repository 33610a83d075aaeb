"""Filling the HTML files of `pages/`. Whatever is not Html already is escaped."""

import html
from datetime import datetime
from functools import cache
from importlib import resources
from string import Template

from tiktok.sandbox.messages import Response

# No script anywhere. Everything comes from this server, and no other page may frame it.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "form-action {form_action}; base-uri 'none'; frame-ancestors 'none'"
)


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def escape(value: object) -> Html:
    return value if isinstance(value, Html) else Html(html.escape(str(value)))


def join(parts: list[Html]) -> Html:
    return Html("".join(parts))


def asset(name: str) -> bytes:
    return (resources.files("tiktok.sandbox") / "pages" / name).read_bytes()


@cache
def _template(name: str) -> Template:
    return Template(asset(name).decode("utf-8"))


def render(name: str, **values: object) -> Html:
    """Fill `pages/<name>`; each `$name` in it must be given."""
    escaped = {key: escape(value) for key, value in values.items()}
    return Html(_template(name).substitute(escaped))


def when(condition: object, text: str) -> Html:
    """Markup, or nothing."""
    return Html(text if condition else "")


def page(
    title: str, main: Html, *, status: int = 200, notice: str = "", form_target: str = ""
) -> Response:
    """A whole page. `form_target`: an origin that a form may be redirected to."""
    banner = render("_notice.html", text=notice) if notice else Html("")
    body = render("layout.html", title=title, main=main, notice=banner)
    return Response(
        status,
        body.encode("utf-8", "replace"),
        "text/html; charset=utf-8",
        headers=page_headers(form_target),
    )


def page_headers(form_target: str = "") -> dict[str, str]:
    form_action = f"'self' {form_target}".strip()
    return {
        "Content-Security-Policy": POLICY.format(form_action=form_action),
        # Not no-referrer: browsers would then hide the Origin that guards the forms.
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


def moment(seconds: float) -> Html:
    """A time as people read it, in the zone of this machine."""
    local = datetime.fromtimestamp(seconds).astimezone()
    shown = f"{local:%-d %b %Y, %H:%M:%S} {local.tzname()}"
    return Html(f'<time datetime="{local.isoformat()}">{escape(shown)}</time>')


def size(count: int) -> str:
    """A number of bytes as people read it.

    >>> size(12_345_678)
    '12.3 MB'
    """
    if count < 1_000:
        return f"{count} bytes"
    if count < 1_000_000:
        return f"{count / 1_000:.1f} kB"
    if count < 1_000_000_000:
        return f"{count / 1_000_000:.1f} MB"
    return f"{count / 1_000_000_000:.2f} GB"
