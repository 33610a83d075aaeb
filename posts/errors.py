"""Why a publication could not be moved.

PublicationError
├── IllegalMove      from where it is now, this move does not exist
│   ├── TooLate      something of it may already be on its way
│   │   └── MayBeOut … since an earlier sending, and a person must take another road
│   └── NotApproved  the content is not the approved one
├── Blocked          a check found something that a person must mend first
├── ChannelBusy      another publication of the same account is being sent
├── PlatformAway     the platform could not be asked just now
├── LeaseLost        somebody else has taken over; the worker stops
├── HandOver         this process is going away; the worker lets go between two blocks
└── CancelAsked      a person asked to stop before the last block
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posts.platforms import Finding


class PublicationError(Exception):
    for_people = "That did not work."

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.for_people)

    def __str__(self) -> str:
        return str(self.args[0])


class IllegalMove(PublicationError):
    for_people = "That is not possible for this post any more. Reload the page to see why."

    def __init__(self, message: str = "", *, state: str = "") -> None:
        super().__init__(message)
        self.state = state


class TooLate(IllegalMove):
    for_people = "Too late: this post is already on its way to the platform."


class MayBeOut(TooLate):
    for_people = (
        "An earlier sending of this post may be live, or may still appear, so it is not sent a "
        "second time. Duplicate the post to publish it again."
    )


class NotApproved(IllegalMove):
    for_people = "The content has changed since it was approved. Please approve it again."


class Blocked(PublicationError):
    for_people = "Something must be mended first."

    def __init__(self, findings: "list[Finding]") -> None:
        super().__init__(" ".join(finding.message for finding in findings))
        self.findings = findings


class ChannelBusy(PublicationError):
    for_people = "Another post of this account is being sent."


class PlatformAway(PublicationError):
    for_people = "The platform could not be asked just now."


class LeaseLost(PublicationError):
    for_people = "Another worker has taken over."


class HandOver(PublicationError):
    for_people = "This worker is going away."


class CancelAsked(PublicationError):
    for_people = "A person asked to stop."
