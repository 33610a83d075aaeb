"""What stands on the page of a post that waits for an approval, or was sent back."""

from dataclasses import dataclass

from posts.changes import Changes
from posts.models import ApprovalRequest, Publication
from posts.states import State


@dataclass(frozen=True, slots=True)
class Review:
    request: ApprovalRequest | None  # None: asked for before requests were kept
    earlier: ApprovalRequest | None  # the one before, with which it is compared
    changes: Changes | None
    needs_time: bool  # none was asked for, or it has passed while it waited
    seen: str  # what is approved by a press of the button, and nothing else

    @classmethod
    def of(cls, publication: Publication) -> "Review | None":
        if publication.state != State.AWAITING_APPROVAL:
            return None
        newest_first = publication.requests.select_related("by", "sent_back_by").order_by("-pk")
        request, earlier = [*newest_first[:2], None, None][:2]
        return cls(
            request=request,
            earlier=earlier,
            changes=Changes.between(earlier, request) if earlier and request else None,
            needs_time=publication.due_at is None or publication.is_overdue,
            seen=publication.asked_digest(),
        )


def sent_back(publication: Publication | None) -> ApprovalRequest | None:
    """The request that its author has to mend before the next one."""
    if publication is None or publication.state != State.DRAFT:
        return None
    request = publication.latest_request
    return request if request and request.sent_back_at else None
