"""The mails about somebody's own account. Their words are written once, as text, and dressed here.

A paragraph of two lines, words with a colon and an address, becomes a button; a code stands alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

CODE = re.compile(r"[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}")
SIGNATURE = "\n-- \n"


@dataclass(frozen=True, slots=True)
class Part:
    words: str
    link: str = ""
    is_code: bool = False

    @classmethod
    def of(cls, paragraph: str) -> "Part":
        label, _, link = paragraph.partition(":\n")
        if link.startswith(f"{settings.SITE_URL}/"):
            return cls(label, link=link)
        return cls(paragraph, is_code=bool(CODE.fullmatch(paragraph)))


def parts_of(text: str) -> Iterator[Part]:
    """Between the greeting and the signature, both of which the frame has as well."""
    [_, *paragraphs] = text.partition(SIGNATURE)[0].split("\n\n")
    for paragraph in paragraphs:
        if paragraph.strip():
            yield Part.of(paragraph.strip())


def where_from() -> dict[str, str]:
    """What the frame of every mail says of this site."""
    return {"site_url": settings.SITE_URL, "site_name": urlsplit(settings.SITE_URL).netloc}


def dress(mail: EmailMultiAlternatives, *, person: str) -> None:
    """Add the HTML of a mail that is text so far."""
    parts = list(parts_of(str(mail.body)))
    context = {"subject": mail.subject, "person": person, "parts": parts} | where_from()
    html = render_to_string("account/email/dressed.html", context)
    mail.attach_alternative(html, "text/html")
