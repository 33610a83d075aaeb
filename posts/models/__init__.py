from posts.models.approval import Approval
from posts.models.approval_request import ApprovalRequest
from posts.models.attempt import Attempt, Mode, Source, Verdict
from posts.models.comment import Comment
from posts.models.copy import WorkspaceCopy
from posts.models.event import PublicationEvent
from posts.models.heartbeat import Heartbeat
from posts.models.installation import Installation
from posts.models.media import Media, MediaInUse, MediaKind, MediaState, all_photos
from posts.models.muted_kind import MutedKind
from posts.models.notification import Notification, NotificationKind
from posts.models.post import Post, PostMedia
from posts.models.publication import Publication
from posts.models.publication_media import PublicationMedia
from posts.models.pulled import PulledMedia
from posts.models.upload import OtherBytes, Upload

__all__ = [
    "Approval",
    "ApprovalRequest",
    "Attempt",
    "Comment",
    "Heartbeat",
    "Installation",
    "Media",
    "MediaInUse",
    "MediaKind",
    "MediaState",
    "Mode",
    "MutedKind",
    "Notification",
    "NotificationKind",
    "OtherBytes",
    "Post",
    "PostMedia",
    "Publication",
    "PublicationEvent",
    "PublicationMedia",
    "PulledMedia",
    "Source",
    "Upload",
    "Verdict",
    "WorkspaceCopy",
    "all_photos",
]
