"""What can go wrong while the bytes of a video leave (Protocol 8.4, 8.5).

TikTokError
├── Temporary
│   ├── Interrupted       ask TikTok's status how much it has, then go on from there
│   └── SourceUnreadable  our own store gave too little or too much
├── LastAnswerLost        all bytes may be there: only the status tells. Never begin anew
├── UploadExpired         the address is dead
├── Rejected
│   └── UploadRefused     TikTok says that the request itself is wrong
├── SourceChanged         the file is not the one that was approved
└── Configuration
    └── AddressNotTrusted no byte goes to such a host
"""

from tiktok.errors import Configuration, Rejected, Temporary, TikTokError


class Interrupted(Temporary):
    """The very last block of the file has not left in this upload, so nothing can appear yet.

    `confirmed`: bytes that TikTok has acknowledged, as far as this upload knows. Status may tell
    more: ask it before going on.
    """

    for_people = "The upload was interrupted."
    what_to_do = "Nothing: we go on where it stopped."

    def __init__(
        self,
        message: str = "",
        *,
        confirmed: int = 0,
        http_status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, http_status=http_status, retry_after=retry_after)
        self.confirmed = confirmed


class SourceUnreadable(Temporary):
    for_people = "The video could not be read completely from our store."


class LastAnswerLost(TikTokError):
    """The last block has left, and no clear answer came.

    Poll the status: `FAILED` allows a new init, fewer `uploaded_bytes` than the file has allow to
    go on with this upload, anything else forbids both.
    """

    outcome_known = False
    for_people = "The video is sent, but TikTok's confirmation did not arrive."
    what_to_do = "Nothing: we ask TikTok what became of it."


class UploadExpired(TikTokError):
    """HTTP 403 or 404. A new init is allowed if the last block can never have been taken.

    `last_block_sent`: in this upload it has left, and this is TikTok's answer to it.
    """

    for_people = "TikTok's address for this upload has expired."
    what_to_do = "Nothing: we ask TikTok for a new one if that is safe."

    def __init__(
        self, message: str = "", *, http_status: int | None = None, last_block_sent: bool = False
    ) -> None:
        super().__init__(message, http_status=http_status)
        self.last_block_sent = last_block_sent


class UploadRefused(Rejected):
    """HTTP 400 and the like: the request is wrong, or our store did not give what was asked for."""

    for_people = "TikTok refused the uploaded bytes."
    what_to_do = "Upload the file here again. If that does not help, tell the operator."

    def __init__(
        self, message: str = "", *, http_status: int | None = None, last_block_sent: bool = False
    ) -> None:
        super().__init__(message, http_status=http_status)
        self.last_block_sent = last_block_sent


class SourceChanged(TikTokError):
    for_people = "The stored video is not the one that was approved, so it was not sent."
    what_to_do = "Upload the video again, and approve the post again."


class AddressNotTrusted(Configuration):
    for_people = "TikTok named an upload address outside of TikTok, so nothing was sent."
    what_to_do = "The operator must check the address of TikTok's API in the settings."
