"""What only TikTok can tell before a post is due, and the token that its moment will need.

At the due time creator_info, init and the upload remain (Protocol 2.6, 4).
"""

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import Channel
from posts.errors import PlatformAway
from posts.looks import LAST_LOOK
from posts.models import Media, Publication
from posts.platforms import About, Finding
from tiktok import errors, oauth
from tiktok.answers import CreatorInfo
from tiktok.calls import BEFORE_PUBLISHING, as_creator
from tiktok.checks import SCOPE_FOR, creator_findings, options_of, switched_off
from tiktok.creator import creator_info
from tiktok.models import PostMode, TikTokOptions
from tiktok.publishing.outcomes import code_of
from tiktok.standing import PUBLIC

CAP_LASTS = timedelta(hours=1)  # a limit that is reached so shortly before is one at the due time
SPARE = timedelta(minutes=10)  # beyond what the init asks of a token's life

_ABOUT: tuple[tuple[type[errors.TikTokError], About], ...] = (
    (errors.NeedsReconnect, About.ACCOUNT),
    (errors.TokenInvalid, About.ACCOUNT),
    (errors.Banned, About.ACCOUNT),
    (errors.CapReached, About.ACCOUNT),
    (errors.Configuration, About.SET_UP),
)


def ask_ahead(publication: Publication, media: list[Media]) -> list[Finding]:
    """Raises PlatformAway."""
    channel, options = publication.channel, options_of(publication)
    if not channel.is_usable or SCOPE_FOR[PostMode(options.mode)] not in channel.scopes:
        return []  # said without asking
    try:
        _warm_up(publication)
        if options.mode == PostMode.DIRECT:
            return _compared(publication, media, options, creator_info(channel))
        _see_that_it_lives(channel)
    except errors.CapReached as error:
        is_near = publication.due_at and publication.due_at - timezone.now() < CAP_LASTS
        return [_refusal(error)] if is_near else []
    except errors.TikTokError as error:
        if error.retryable:
            raise PlatformAway(str(error)) from error
        if isinstance(error, errors.TokenInvalid):  # even the one that was refreshed just now
            channel.mark_needs_reconnect(error.for_people)
        return [_refusal(error)]
    return []


def _warm_up(publication: Publication) -> None:
    """Shortly before the due time: a token that will not have to be refreshed then."""
    ahead = publication.due_at - timezone.now() if publication.due_at else timedelta(0)
    if ahead < LAST_LOOK:
        alive_for = max(ahead, timedelta(0)) + BEFORE_PUBLISHING + SPARE
        oauth.access_token(publication.channel, alive_for=alive_for)


def _see_that_it_lives(channel: Channel) -> None:
    """A draft to the inbox needs no creator_info; any answer shows that access still stands."""
    as_creator(channel, lambda client: client.user_info(channel.scopes))


def _compared(
    publication: Publication, media: list[Media], options: TikTokOptions, info: CreatorInfo
) -> list[Finding]:
    found = [*creator_findings(publication, info)]
    if not settings.TIKTOK_APP_AUDITED and PUBLIC in info.privacy_level_options:
        found.append(_refusal(errors.AccountMustBePrivate()))
    for name in switched_off(options, info):
        found.append(
            Finding(
                f"{name}_switched_off",
                f"The account has switched {name} off, so this post goes out without them.",
                "Nothing, if that is meant; else allow them in TikTok's settings.",
                blocks=False,
            )
        )
    return [replace(finding, asked=True) for finding in found]


def _refusal(error: errors.TikTokError) -> Finding:
    about = next((about for kind, about in _ABOUT if isinstance(error, kind)), About.POST)
    return Finding(code_of(error), error.for_people, error.what_to_do, about=about, asked=True)
