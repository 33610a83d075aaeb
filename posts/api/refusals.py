"""What the errors of publishing mean to a program."""

from accounts.api.refusals import Away, Conflict, Invalid, NotFound, Refusal, means
from posts.errors import (
    Blocked,
    ChannelBusy,
    IllegalMove,
    MayBeOut,
    NotApproved,
    PlatformAway,
    TooLate,
)
from posts.media.parts import NoAddress
from posts.media.storing import StoringFailed
from posts.models import MediaInUse, OtherBytes, Upload
from posts.patience import DATABASE_AWAY
from posts.uploading import PartsMissing, WrongPart
from posts.views.composing import FIELD_OF


@means(IllegalMove)
def _illegal(error: IllegalMove) -> Refusal:
    said = str(error)
    if said == error.for_people and error.state:
        said = (
            f"What is “{error.state}” has no such move. Ask for the post to see what became of it."
        )
    return Conflict(said, code="illegal_move", state=error.state)


@means(TooLate)
def _too_late(error: TooLate) -> Refusal:
    return Conflict(str(error), code="too_late", state=error.state)


@means(MayBeOut)
def _may_be_out(error: MayBeOut) -> Refusal:
    return Conflict(str(error), code="may_be_out", state=error.state)


@means(NotApproved)
def _not_approved(error: NotApproved) -> Refusal:
    return Conflict(str(error), code="not_approved", state=error.state)


@means(ChannelBusy)
def _busy(error: ChannelBusy) -> Refusal:
    return Conflict(str(error), code="channel_busy")


@means(Blocked)
def _blocked(error: Blocked) -> Refusal:
    """What the checks found, each under the field that mends it, or under its own code."""
    fields: dict[str, list[str]] = {}
    for finding in error.findings:
        name = API_NAMES.get(FIELD_OF.get(finding.code, ""), finding.code)
        fields.setdefault(name, []).append(f"{finding.message} {finding.what_to_do}".strip())
    return Invalid(str(error), code="blocked", fields=fields)


@means(PlatformAway)
def _away(error: PlatformAway) -> Refusal:
    return Away(str(error), code="platform_away", seconds=60)


@means(StoringFailed)
def _not_stored(error: StoringFailed) -> Refusal:
    return Away(
        "The file arrived, but our store did not take it. Upload it again.", code="store_failed"
    )


@means(WrongPart)
def _wrong_part(error: WrongPart) -> Refusal:
    return Invalid(str(error), code="wrong_part")


@means(OtherBytes)
def _other_bytes(error: OtherBytes) -> Refusal:
    return Conflict(error.for_people, code="other_bytes")


@means(PartsMissing)
def _parts_missing(error: PartsMissing) -> Refusal:
    return Conflict(str(error), code="parts_missing")


@means(NoAddress)
def _no_address(error: NoAddress) -> Refusal:
    return Conflict(error.for_people, code="no_address")


@means(Upload.DoesNotExist)
def _no_upload(error: Upload.DoesNotExist) -> Refusal:
    """It was there a moment ago: somebody else has completed it, or given it up."""
    return NotFound()


@means(MediaInUse)
def _in_use(error: MediaInUse) -> Refusal:
    return Conflict(error.for_people, code="in_use")


@means(*DATABASE_AWAY)
def _database_away(error: Exception) -> Refusal:
    return Away()


API_NAMES = {"medium": "media", "title": "title", "caption": "caption", "channel": "channel_id"}
