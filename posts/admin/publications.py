"""Publications with their whole history. State changes only by the verbs, so that it stays true."""

from collections.abc import Callable
from typing import cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.read_only import ReadOnlyAdmin, ReadOnlyInline
from posts.admin.lateness import LatenessFilter, in_milliseconds, with_lateness
from posts.errors import Blocked, IllegalMove
from posts.models import Approval, Attempt, Publication, PublicationEvent, PublicationMedia


class MediaInline(ReadOnlyInline):
    model = PublicationMedia
    verbose_name_plural = "media"
    fields = ["position", "media"]
    related = ("media", "publication")


class AttemptInline(ReadOnlyInline):
    """The ledger, without the address of an upload: it is a secret as long as it lives."""

    model = Attempt
    template = admin.StackedInline.template  # too much for the columns of a table
    fields = [
        "number",
        "mode",
        "source",
        "claimed_at",
        "intended_at",
        "answered_at",
        "publish_id",
        "address_expires_at",
        "size",
        "chunk_count",
        "confirmed_bytes",
        "finishing_at",
        "sent_at",
        "polls",
        "last_status",
        "last_answer",
        "verdict",
        "settled_at",
    ]


class ApprovalInline(ReadOnlyInline):
    model = Approval
    template = admin.StackedInline.template
    fields = ["at", "by", "consent_version", "consent_text", "content", "digest"]
    related = ("by",)


class EventInline(ReadOnlyInline):
    model = PublicationEvent
    verbose_name_plural = "history"
    fields = ["moment", "before", "after", "because", "by", "details"]
    related = ("by",)

    @admin.display(description="at")
    def moment(self, event: PublicationEvent) -> str:
        return f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}"


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = [
        "post",
        "channel",
        "workspace",
        "state",
        "held_reason",
        "due_at",
        "begun",
        "out",
        "next_step_at",
        "tries",
    ]
    list_filter = ["state", "held_reason", LatenessFilter, "channel__platform"]
    list_select_related = ["post__workspace", "channel"]
    date_hierarchy = "due_at"
    search_fields = [  # what a mail to the support contains
        "attempts__publish_id",
        "attempts__last_answer__log_id",
        "platform_post_id",
        "permalink",
        "caption",
        "post__caption",
        "post__author__username",
        "post__author__email",
        "channel__username",
        "channel__display_name",
    ]
    fieldsets = [
        (None, {"fields": ["post", "channel", "workspace", "state", "held_reason", "failure"]}),
        ("Approved", {"fields": ["approval", "caption", "title"]}),
        (
            "Times",
            {
                "fields": [
                    "due_at",
                    "begun",
                    "published_at",
                    "delivered_at",
                    "out",
                    "moved_at",
                    "created_at",
                ]
            },
        ),
        (
            "Ahead of its time",
            {"fields": ["checked_at", "findings", "next_check_at", "proposed_at"]},
        ),
        ("Where it is", {"fields": ["platform_post_id", "permalink", "by_word_of"]}),
        (
            "Machine",
            {
                "fields": [
                    "next_step_at",
                    "version",
                    "tries",
                    "claimed_by",
                    "claimed_at",
                    "lease_until",
                    "cancel_asked_at",
                    "cancel_asked_by",
                ]
            },
        ),
    ]
    inlines = [MediaInline, AttemptInline, ApprovalInline, EventInline]
    actions = ["cancel", "pause", "resume", "retry", "check_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Publication]:
        return with_lateness(super().get_queryset(request))

    @admin.display(description="begun after its time", ordering="begun_after")
    def begun(self, publication: Publication) -> str:
        return in_milliseconds(getattr(publication, "begun_after", None))

    @admin.display(description="out after its time", ordering="out_after")
    def out(self, publication: Publication) -> str:
        return in_milliseconds(getattr(publication, "out_after", None))

    @admin.display(ordering="post__workspace__name")
    def workspace(self, publication: Publication) -> str:
        return str(publication.post.workspace)

    @admin.action(description="Cancel", permissions=["operate"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Publication]) -> None:
        self._each(request, queryset, "canceled, or asked to stop", Publication.cancel)

    @admin.action(description="Pause", permissions=["operate"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Publication]) -> None:
        self._each(request, queryset, "paused", Publication.pause)

    @admin.action(description="Resume at the planned time", permissions=["operate"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Publication]) -> None:
        self._each(request, queryset, "resumed", Publication.resume)

    @admin.action(description="Try again now", permissions=["operate"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Publication]) -> None:
        self._each(request, queryset, "will be tried again now", Publication.retry)

    @admin.action(description="Check again on the platform", permissions=["operate"])
    def check_again(self, request: HttpRequest, queryset: QuerySet[Publication]) -> None:
        self._each(request, queryset, "will be checked again now", Publication.check_again)

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[Publication],
        done: str,
        verb: Callable[..., object],
    ) -> None:
        """Let the operator's `verb` happen to each, and say of each that refused why."""
        operator = cast(User, request.user)
        moved = 0
        for publication in queryset.select_related("post__workspace", "channel"):
            try:
                verb(publication, by=operator)
            except (IllegalMove, Blocked, PermissionDenied) as error:
                self.message_user(request, f"{publication}: {error}", messages.WARNING)
            else:
                moved += 1
        if moved:
            self.message_user(request, f"{moved} {done}.", messages.SUCCESS)
