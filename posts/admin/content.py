"""Posts and media, to be read."""

from django.contrib import admin

from accounts.read_only import ReadOnlyAdmin, ReadOnlyInline
from posts.models import Media, Post, PostMedia, Publication


class MediaOfPost(ReadOnlyInline):
    model = PostMedia
    fields = ["position", "media"]
    related = ("media", "post")


class PublicationsOfPost(ReadOnlyInline):
    model = Publication
    fields = ["channel", "state", "held_reason", "due_at", "published_at"]
    related = ("channel", "post")
    show_change_link = True


@admin.register(Post)
class PostAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "workspace", "author", "created_at", "archived_at"]
    list_select_related = ["workspace", "author"]
    search_fields = ["caption", "title", "author__username", "author__email", "workspace__name"]
    date_hierarchy = "created_at"
    fields = [
        "workspace",
        "author",
        "caption",
        "title",
        "created_at",
        "updated_at",
        "archived_at",
    ]
    inlines = [MediaOfPost, PublicationsOfPost]


@admin.register(Media)
class MediaAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "workspace", "uploaded_by", "state", "size", "created_at"]
    list_filter = ["kind", "state", "container"]
    list_select_related = ["workspace", "uploaded_by"]
    search_fields = ["id", "name", "sha256", "uploaded_by__username", "uploaded_by__email"]
    date_hierarchy = "created_at"
    fields = [
        "id",
        "workspace",
        "uploaded_by",
        "name",
        "kind",
        "state",
        "problems",
        "size",
        "sha256",
        "content_type",
        "container",
        "video_codec",
        "audio_codec",
        "width",
        "height",
        "duration",
        "frame_rate",
        "storage_key",
        "check_at",
        "check_tries",
        "created_at",
    ]
