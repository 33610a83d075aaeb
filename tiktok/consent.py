"""The sentence under which a person posts to TikTok (Protocol 13, points 23 to 26)."""

from typing import Any

from django.utils.html import format_html, format_html_join

from posts.platforms import Consent
from tiktok.models import PostMode

# Goes up with every change of the texts below: an Approval stores what was agreed to.
VERSION = "tiktok-2026-09"

MUSIC_USAGE = (
    "Music Usage Confirmation",
    "https://www.tiktok.com/legal/page/global/music-usage-confirmation/en",
)
BRANDED_CONTENT = (
    "Branded Content Policy",
    "https://www.tiktok.com/legal/page/global/bc-policy/en",
)


def consent_for(*, branded: bool) -> Consent:
    """`branded`: the post is labelled as a paid partnership for somebody else."""
    documents = [BRANDED_CONTENT, MUSIC_USAGE] if branded else [MUSIC_USAGE]
    names = " and ".join(name for name, _ in documents)
    links = format_html_join(
        " and ",
        '<a href="{1}" target="_blank" rel="noopener">{0}</a>',
        documents,
    )
    return Consent(
        text=f"By posting, you agree to TikTok's {names}",
        html=format_html("By posting, you agree to TikTok's {}", links),
        version=VERSION,
    )


def consent(options: dict[str, Any]) -> Consent:
    """For the choices of a publication, in the form that `TikTok.options` gives them."""
    return consent_for(branded=options["mode"] == PostMode.DIRECT and options["brand_content"])
