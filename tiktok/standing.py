"""What an account may do right now, for the composer (Protocol 4; 13, points 1 to 3)."""

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from accounts.models import Channel
from posts.platforms import Finding
from tiktok import errors
from tiktok.answers import CreatorInfo
from tiktok.checks import SCOPE_FOR
from tiktok.creator import creator_info
from tiktok.models import LastOffer, PostMode
from tiktok.payloads import SELF_ONLY

PUBLIC = "PUBLIC_TO_EVERYONE"


@dataclass(frozen=True, slots=True)
class Standing:
    """`info` is TikTok's answer of this moment; None when it was not asked or did not answer."""

    info: CreatorInfo | None = None
    closed_because: list[Finding] = field(default_factory=list)  # nothing can be published
    closed_now: list[Finding] = field(default_factory=list)  # … today; a later day can be planned
    said_at: datetime | None = None  # when TikTok gave `info`, where that is not just now
    mode_closed: dict[str, str] = field(default_factory=dict)  # by mode, why it can not be used
    audited: bool = True
    unanswered: errors.TikTokError | None = None  # why TikTok was not asked, though it may be soon

    def may_choose(self, privacy_level: str) -> bool:
        """While the app is not audited TikTok takes private posts only (Protocol 14)."""
        return self.audited or privacy_level == SELF_ONLY

    @property
    def is_public_account(self) -> bool:
        return bool(self.info and PUBLIC in self.info.privacy_level_options)


def standing_of(channel: Channel) -> Standing:
    """Ask TikTok, whose answer decides what the composer offers."""
    audited = bool(settings.TIKTOK_APP_AUDITED)
    if not channel.is_usable:
        because = channel.health_reason or f"{channel.get_health_display()}."
        trouble = Finding("channel_unusable", because, "Mend the account on the Accounts page.")
        return Standing(closed_because=[trouble], audited=audited)
    closed = {
        mode: f"This account did not give the permission “{scope}”. "
        "Reconnect it and leave every permission ticked."
        for mode, scope in SCOPE_FOR.items()
        if scope not in channel.scopes
    }
    info = unanswered = None
    if PostMode.DIRECT not in closed:
        try:
            info = creator_info(channel)
        except (errors.Banned, errors.NeedsReconnect) as error:
            return Standing(closed_because=[_finding(error)], audited=audited)
        except errors.CapReached as error:
            return _full_for_today(channel, error, closed)
        except errors.TikTokError as error:
            finding = _finding(error)
            closed[PostMode.DIRECT] = f"{finding.message} {finding.what_to_do}"
            unanswered = error if error.retryable else None
        else:
            _remember(channel, info)
    everything = [Finding("mode_closed", because) for because in set(closed.values())]
    return Standing(
        info=info,
        closed_because=everything if len(closed) == len(PostMode) else [],
        mode_closed={str(mode): because for mode, because in closed.items()},
        audited=audited,
        unanswered=unanswered,
    )


def _full_for_today(
    channel: Channel, error: errors.CapReached, closed: dict[PostMode, str]
) -> Standing:
    """A limit is one of the 24 hours in which a post goes out, and holds no later day up."""
    offer = LastOffer.objects.filter(channel=channel).first()
    info = _info_of(offer) if offer else None
    if info is None and PostMode.DIRECT not in closed:
        closed[PostMode.DIRECT] = (
            f"{error.for_people} TikTok says nothing about the account's choices until then."
        )
    finding = Finding(
        error.code or "cap_reached",
        error.for_people,
        "Plan it for more than 24 hours from now; for an earlier time TikTok may still refuse it, "
        "and it then waits for you. To publish now, please try again later.",
    )
    return Standing(
        info=info,
        said_at=offer.said_at if offer and info else None,
        closed_now=[finding],
        mode_closed={str(mode): because for mode, because in closed.items()},
        audited=bool(settings.TIKTOK_APP_AUDITED),
    )


def _remember(channel: Channel, info: CreatorInfo) -> None:
    kept = {"info": asdict(info), "said_at": timezone.now()}
    LastOffer.objects.update_or_create(channel=channel, defaults=kept)


def _info_of(offer: LastOffer) -> CreatorInfo | None:
    """What was kept; None when it was kept by another version of this program."""
    kept = offer.info | {"privacy_level_options": tuple(offer.info["privacy_level_options"])}
    if set(kept) != {each.name for each in fields(CreatorInfo)}:
        return None
    return CreatorInfo(**kept)


def _finding(error: errors.TikTokError) -> Finding:
    if isinstance(error, errors.NeedsReconnect):
        what_to_do = error.what_to_do
    elif error.retryable:
        what_to_do = "Reload this page in a minute; until then you can save a draft."
    else:
        what_to_do = f"{error.what_to_do} Until then you can save a draft; please try again later."
    return Finding(error.code or "tiktok_refuses", error.for_people, what_to_do)
