"""What TikTok's answers mean to a program."""

from accounts.api.refusals import Away, Conflict, Refusal, means
from tiktok import oauth
from tiktok.errors import NeedsReconnect, TikTokError


@means(TikTokError)
def _refused(error: TikTokError) -> Refusal:
    """TikTok's own words stay in the log: what it says about us is not always for everybody."""
    if error.retryable:  # by whoever has asked: nobody repeats a call of theirs for them
        said = f"{error.for_people} Send this again after as many seconds as Retry-After says."
        return Away(said, code="tiktok_away", seconds=max(1, round(error.retry_after or 30)))
    said = f"{error.for_people} {error.what_to_do}".strip()
    return Conflict(said, code=error.code or "tiktok_refuses")


@means(NeedsReconnect)
def _reconnect(error: NeedsReconnect) -> Refusal:
    return Conflict(f"{error.for_people} {error.what_to_do}", code="needs_reconnect")


@means(oauth.ConnectRefused)
def _not_connected(error: oauth.ConnectRefused) -> Refusal:
    return Conflict(f"{error.for_people} {error.what_to_do}", code="not_connected")


@means(oauth.StillBusy)
def _busy(error: oauth.StillBusy) -> Refusal:
    return Conflict(f"{error.for_people} {error.what_to_do} Send now=true to stop.", code="busy")
