from django.urls import path

from posts.offers import Offer
from posts.views import (
    actions,
    channels,
    comments,
    compose,
    detail,
    finishing,
    listing,
    media,
    told,
    uploads,
)

app_name = "posts"

# Each button of a post's page has a view of its own name.
VERBS = [offer.value for offer in Offer if offer is not Offer.EDIT]

urlpatterns = [
    path("", listing.posts, name="list"),
    path("new/", compose.compose, name="compose"),
    path("new/autosave/", compose.autosave, name="autosave"),
    path("new/plan/", compose.plan, name="plan"),
    path("<int:post_id>/", detail.detail, name="detail"),
    path("<int:post_id>/edit/", compose.edit, name="edit"),
    path("<int:post_id>/duplicate/", actions.duplicate, name="duplicate"),
    path("<int:post_id>/archive/", actions.archive, name="archive"),
    path("<int:post_id>/unarchive/", actions.unarchive, name="unarchive"),
    path("<int:post_id>/comment/", comments.comment, name="comment"),
    path("comments/<int:comment_id>/edit/", comments.edit_comment, name="edit_comment"),
    path("comments/<int:comment_id>/remove/", comments.remove_comment, name="remove_comment"),
    path("notifications/", told.notifications, name="notifications"),
    path("publications/<int:publication_id>/state/", detail.state, name="state"),
    path("publications/<int:publication_id>/finish/", finishing.finish, name="finish"),
    *(
        path(f"publications/<int:publication_id>/{verb}/", getattr(actions, verb), name=verb)
        for verb in VERBS
    ),
    path("channels/<int:channel_id>/pause/", channels.pause, name="pause_channel"),
    path("channels/<int:channel_id>/go-on/", channels.let_go_on, name="let_channel_go_on"),
    path("media/upload/", media.upload, name="media_upload"),
    path("media/part/", media.part, name="media_part"),
    path("media/tiles/", media.tiles, name="media_tiles"),
    path("media/<uuid:media_id>/", media.file, name="media_file"),
    path("media/<uuid:media_id>/poster.jpg", media.poster, name="media_poster"),
    path("media/<uuid:media_id>/status/", media.status, name="media_status"),
    path("media/<uuid:media_id>/dismiss/", media.dismiss, name="media_dismiss"),
    path("uploads/", uploads.begin, name="uploads"),
    path("uploads/unfinished/", uploads.unfinished, name="uploads_unfinished"),
    path("uploads/<uuid:upload_id>/", uploads.one, name="upload"),
    path("uploads/<uuid:upload_id>/parts/<int:number>/", uploads.part, name="upload_part"),
    path(
        "uploads/<uuid:upload_id>/parts/<int:number>/address/",
        uploads.part_address,
        name="upload_part_address",
    ),
    path("uploads/<uuid:upload_id>/complete/", uploads.complete, name="upload_complete"),
]
