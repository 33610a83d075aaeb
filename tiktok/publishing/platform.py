"""TikTok, as `posts` sees a platform."""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.models import Channel
from posts.leases import Lease
from posts.media.facts import Facts, VideoFacts
from posts.models import Media, Publication, all_photos
from posts.platforms import Consent, Finding, Flat, Problem
from posts.states import State
from tiktok import cautions, checks, choices, inbox, limits, oauth
from tiktok.asking_ahead import ask_ahead
from tiktok.consent import consent
from tiktok.forms import TikTokForm
from tiktok.oauth.ending import warn_of_ending_connections
from tiktok.photo_form import PhotoForm
from tiktok.publishing import hearing
from tiktok.publishing.polling import poll
from tiktok.publishing.reconciling import reconcile, reconcile_earlier
from tiktok.publishing.sending import send
from tiktok.standing import standing_of


class TikTok:
    key = "tiktok"
    label = "TikTok"
    composer_template = "tiktok/_options.html"
    keeps_options = True

    @property
    def flat(self) -> Flat:
        # Imported for programs alone: it would cost each worker 20 MB.
        from tiktok.api.flat import TikTokFlat  # noqa: PLC0415

        return TikTokFlat()

    def advance(self, publication: Publication, lease: Lease) -> None:
        if publication.state in {State.SCHEDULED, State.SENDING}:
            send(publication, lease)
        else:
            poll(publication, lease)
        hearing.hear_again(publication)

    def options(self, publication: Publication) -> dict[str, Any]:
        return choices.canonical(checks.options_of(publication))

    def options_form(
        self,
        data: Any,
        *,
        channel: Channel,
        media: list[Media],
        publication: Publication | None,
        draft: Mapping[str, Any] | None = None,
    ) -> TikTokForm:
        saved = choices.saved_for(publication)
        if draft is not None:
            saved = choices.of_draft(draft, media)
        kind = PhotoForm if all_photos(media) else TikTokForm
        form = kind(data, media=media, saved=saved, standing=standing_of(channel))
        form.inbox = inbox.inbox_ahead(channel, but=publication)
        return form

    def save_options(self, publication: Publication, cleaned: dict[str, Any]) -> None:
        choices.save_options(publication, cleaned)

    def keep_choices(self, publication: Publication, data: Mapping[str, Any]) -> None:
        choices.keep_choices(publication, data)

    def chosen(self, publication: Publication) -> list[tuple[str, str]]:
        return choices.chosen(publication)

    def describe(self, publication: Publication) -> list[tuple[str, str]]:
        return choices.describe(publication)

    def ends_as_draft(self, publications: Sequence[Publication]) -> frozenset[int]:
        return choices.drafts_among(publications)

    def notes(self, publication: Publication) -> list[tuple[str, str]]:
        return choices.notes(publication)

    def consent(self, options: dict[str, Any]) -> Consent:
        return consent(options)

    def preflight(self, publication: Publication, *, media: list[Media]) -> list[Finding]:
        return checks.local_findings(publication, media)

    def warnings(self, publication: Publication, *, media: list[Media]) -> list[Finding]:
        return cautions.warnings(publication, media)

    def reconcile(self, publication: Publication, lease: Lease | None) -> list[str]:
        return reconcile(publication, lease)

    def reconcile_earlier(self, publication: Publication) -> list[str]:
        return reconcile_earlier(publication)

    def end_access(self, channel: Channel) -> bool:
        return oauth.end_access(channel)

    def ask_ahead(self, publication: Publication, *, media: list[Media]) -> list[Finding]:
        return ask_ahead(publication, media)

    def tidy(self) -> None:
        inbox.let_drafts_go_on()
        warn_of_ending_connections()
        oauth.sweep_unconfirmed()
        hearing.tidy()

    def media_problems(self, facts: Facts) -> list[Problem]:
        if isinstance(facts, VideoFacts):
            found = limits.video_problems(facts)
        else:
            found = limits.photo_problems(facts)
        return [Problem(problem.code, problem.message) for problem in found]
