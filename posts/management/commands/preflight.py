"""Say what would stop planned posts, or spoil them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from posts.errors import PlatformAway
from posts.models import Publication
from posts.models.installation import why_publishing_is_off
from posts.models.publication_query import PublicationQuerySet
from posts.platforms import Finding
from posts.preflight import preflight
from posts.states import State


class Command(BaseCommand):
    help = "Check posts before their time, and fail when something would stop one. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "which", nargs="*", help="Ids of publications, or accounts as @handle: what they plan."
        )
        parser.add_argument("--all", action="store_true", dest="everything", help="All planned.")
        parser.add_argument(
            "--ask", action="store_true", help="Ask the store and the platform too; takes longer."
        )

    def handle(self, *, which: list[str], everything: bool, ask: bool, **options: Any) -> None:
        if ask and (off := why_publishing_is_off()):
            # Asking may refresh a token, which would end that of whoever publishes instead.
            raise CommandError(f"The platform is not asked from here: {off}")
        publications = self._chosen(which, everything=everything)
        stopped = sum(self._tell(publication, ask=ask) for publication in publications)
        if stopped:
            raise CommandError(f"{stopped} of {len(publications)} would not go out.")
        self.stdout.write(self.style.SUCCESS(f"{len(publications)} checked, nothing stops them."))

    def _chosen(self, which: list[str], *, everything: bool) -> PublicationQuerySet:
        found = Publication.objects.select_related("post__workspace", "post__author", "channel")
        planned = found.filter(state=State.SCHEDULED).order_by("due_at")
        if everything:
            return planned
        if not which:
            raise CommandError("Name publications by id, or accounts as @handle, or say --all.")
        chosen = Publication.objects.none()
        for word in which:
            if word.startswith("@"):
                rows = planned.filter(channel__username=word[1:])
            elif word.isdecimal():
                rows = found.filter(pk=int(word))
            else:
                raise CommandError(f"“{word}” is neither an id nor an @handle.")
            if not rows.exists():
                raise CommandError(f"Nothing is planned for {word}, or there is no such thing.")
            chosen |= rows.order_by()
        return chosen.order_by("due_at")

    def _tell(self, publication: Publication, *, ask: bool) -> bool:
        """Print what was found; whether it stops the post."""
        due = f", due {publication.due_at:%Y-%m-%d %H:%M:%S %Z}" if publication.due_at else ""
        state = publication.get_state_display().lower()
        self.stdout.write(f"{publication.pk}  {publication}: {state}{due}")
        found = self._found(publication, ask=ask)
        for finding in found:
            kind = "stops it" if finding.blocks else "beware"
            words = f"{finding.message} {finding.what_to_do}".strip()
            self.stdout.write(f"    {kind} ({finding.code}): {words}")
        return any(finding.blocks for finding in found)

    def _found(self, publication: Publication, *, ask: bool) -> list[Finding]:
        media = publication.shown_media
        if ask:
            try:
                return preflight(publication, media=media, ask=True)
            except PlatformAway as error:
                self.stderr.write(f"    the platform could not be asked: {error}")
        return preflight(publication, media=media)
