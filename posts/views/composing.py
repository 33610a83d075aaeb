"""The forms of the composer put together: what was sent, and what the page shows again."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from django import forms
from django.http import QueryDict

from accounts.models import Channel, User, Workspace
from accounts.permissions import Right, people_with
from posts.errors import Blocked, PublicationError
from posts.forms import AskForm, ComposeForm, WhenForm
from posts.models import Media, Post, Publication, all_photos
from posts.planning import Content
from posts.platforms import Finding, platform_of
from posts.states import State
from posts.views.access import Rights, name_of
from posts.views.reviewing import sent_back

# Where a finding of the checks belongs on the page.
FIELD_OF = {
    "no_media": "medium",
    "media_not_ready": "medium",
    "video_and_photos": "medium",
    "too_many_photos": "medium",
    "more_than_one_video": "medium",
    "title_too_long": "title",
    "caption_too_long": "caption",
    "channel_unusable": "channel",
}


def shown_media(media: list[Media]) -> dict[str, Any]:
    """What templates/posts/_media.html needs."""
    return {
        "media": media,
        "medium": media[0] if media else None,
        "shows_photos": all_photos(media),
        "waits": not all(medium.is_settled for medium in media),
    }


class Composer:
    """One person at one post, new or stored. `data` is what they sent, if they did."""

    def __init__(
        self,
        *,
        by: User,
        workspace: Workspace,
        post: Post | None = None,
        data: QueryDict | None = None,
        media_ids: Sequence[str] = (),
    ) -> None:
        self.by, self.workspace, self.post, self.data = by, workspace, post, data
        self.rights = Rights.of(by, workspace)
        self.channels = list(workspace.channels.kept())
        self.publication = self._stored_publication()
        self.compose = ComposeForm(
            data, workspace=workspace, post=post, initial=self._initial(media_ids)
        )
        if data is not None:
            self.compose.is_valid()
        due_at = self.publication.due_at if self.publication else None
        self.when = WhenForm(data, zone=by.zone, due_at=due_at)
        self.ask = AskForm(data)
        self.options: forms.Form | None = None

    # What is chosen so far

    @cached_property
    def channel(self) -> Channel | None:
        chosen = self._shown("channel")
        return next((each for each in self.channels if str(each.pk) == str(chosen)), None)

    @cached_property
    def media(self) -> list[Media]:
        try:
            media: list[Media] = self.compose.fields["medium"].clean(self._shown("medium"))
        except forms.ValidationError:
            return []
        return media

    @property
    def shows_photos(self) -> bool:
        return all_photos(self.media)

    @property
    def content(self) -> Content:
        cleaned = self.compose.cleaned_data
        return Content(
            caption=cleaned.get("caption", ""),
            title=cleaned.get("title", "") if self.shows_photos else "",
            media=cleaned.get("medium", []),
            channel=cleaned.get("channel"),
        )

    @property
    def is_stale(self) -> bool:
        """Whether somebody has moved the post on since this page was made."""
        if self.data is None or "seen_state" not in self.data:
            return False
        if (self.data["seen_state"] or State.DRAFT) != self.state:
            return True
        # Taken back, changed and asked for anew: it awaits approval as before, and says else.
        awaits = self.state == State.AWAITING_APPROVAL
        return awaits and self.data.get("seen_version") not in {None, str(self.version)}

    @property
    def version(self) -> int:
        return self.publication.version if self.publication else 0

    @property
    def state(self) -> str:
        return self.publication.state if self.publication else State.DRAFT

    @property
    def approvers(self) -> list[User]:
        """Who is asked, when this person may not publish."""
        return list(people_with(Right.PUBLISH, self.workspace).order_by("pk"))

    @property
    def autosaves(self) -> bool:
        """Only a draft: what was approved changes by a press of a button alone."""
        return self.state == State.DRAFT

    @property
    def valid_options(self) -> dict[str, Any]:
        """Once `is_ready_to_go` has said yes."""
        return cast(forms.Form, self.options).cleaned_data

    @property
    def due_at(self) -> datetime | None:
        """The wished time of a draft, once it is whole and makes sense."""
        when = WhenForm(self.data, zone=self.by.zone)
        return when.cleaned_data["due_at"] if when.is_valid() else None

    @property
    def choices(self) -> QueryDict | None:
        """The platform's part of what was sent, if it was shown for the account chosen now."""
        channel = self.channel
        if self.data is None or channel is None:
            return None
        return self.data if self.data.get("options_for") == str(channel.pk) else None

    # The platform's part

    def ask_platform(self, *, judge: bool = True) -> None:
        """Make the platform's form, which asks the platform what the account may do now.

        Without `judge` it shows what was chosen so far, and blames nobody for it.
        """
        if (channel := self.channel) is None:
            return
        self.options = platform_of(channel).options_form(
            self.choices if judge else None,
            draft=None if judge else self.choices,
            channel=channel,
            media=self.media,
            publication=self._publication_to(channel),
        )

    def is_ready_to_go(self, *, with_time: bool) -> bool:
        """Whether everything holds; each form says what does not."""
        everything = [self.compose.ready_to_go()]
        self.ask_platform()
        if self.options is None or self.choices is None:
            if self.channel is not None:
                self.compose.add_error(
                    "channel", "Look at the settings of this account below, then press again."
                )
            everything.append(False)
        else:
            everything.append(self.options.is_valid())
        if with_time:
            everything.append(self.when.is_valid())
        return all(everything)

    def may_go_now(self) -> bool:
        """Whether the platform takes something at this moment; the page says why it does not."""
        closed: list[Finding] = getattr(self.options, "closed_now", [])
        for finding in closed:
            self.compose.add_error(None, finding.message)
        return not closed

    def forget_the_time(self) -> None:
        """Show date and time as they were sent, without blaming the person for them."""
        self.when = WhenForm(
            zone=self.by.zone, initial={name: self.when[name].data for name in ("date", "time")}
        )

    def refuse(self, error: PublicationError) -> None:
        """Say on the page why the verb did not do it."""
        if not isinstance(error, Blocked):
            self.compose.add_error(None, str(error))
            return
        findings: Iterable[Finding] = error.findings
        for finding in findings:
            sentence = f"{finding.message} {finding.what_to_do}".strip()
            self.compose.add_error(FIELD_OF.get(finding.code), sentence)

    def context(self) -> dict[str, Any]:
        channel = self.channel
        return {
            "composer": self,
            "post": self.post,
            "publication": self.publication,
            "compose": self.compose,
            "when": self.when,
            "ask": self.ask,
            "sent_back": sent_back(self.publication),
            "zone": self.by.zone,
            "channel": channel,
            "account_name": name_of(channel) if channel else "",
            "platform": platform_of(channel) if channel else None,
            "form": self.options,  # as the platform's own template calls it
            "rights": self.rights,
            **shown_media(self.media),
        }

    def _stored_publication(self) -> Publication | None:
        if self.post is None:
            return None
        publications = self.post.publications.select_related("post__workspace", "channel")
        return publications.order_by("pk").first()

    def _publication_to(self, channel: Channel) -> Publication | None:
        """The stored choices are shown again for the account that they were made for only."""
        stored = self.publication
        return stored if stored is not None and stored.channel_id == channel.pk else None

    def _initial(self, media_ids: Sequence[str]) -> dict[str, Any]:
        post, publication = self.post, self.publication
        usable = [channel for channel in self.channels if channel.is_usable]
        channel = publication.channel if publication else usable[0] if len(usable) == 1 else None
        stored = post.ordered_media if post else []
        return {
            "caption": post.caption if post else "",
            "channel": channel.pk if channel else None,
            "title": post.title if post else "",
            "medium": list(media_ids) or [medium.pk for medium in stored],
        }

    def _shown(self, name: str) -> Any:
        return self.compose[name].value()
