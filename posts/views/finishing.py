"""The page for the phone: a draft waits in the platform's app, and the person finishes it there."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from posts.forms import LiveLinkForm
from posts.models import Publication
from posts.states import State
from posts.views.access import Rights, person, publication_or_404
from posts.views.story import Story

UNDER_WAY = (State.SCHEDULED, State.SENDING, State.PROCESSING)  # after “send it again”
TOLD_HERE = (State.DELIVERED, State.PUBLISHED, State.CANCELED, *UNDER_WAY)


@require_safe
def finish(request: HttpRequest, publication_id: int) -> HttpResponse:
    return show_finish(request, publication_or_404(request, publication_id))


def show_finish(
    request: HttpRequest, publication: Publication, *, unclear: forms.Form | None = None
) -> HttpResponse:
    """What to do in the app; once that is done, or has become something else, what follows."""
    if publication.state not in TOLD_HERE:
        return redirect("posts:detail", publication.post_id)
    story = Story(
        publication, person(request), Rights.of(person(request), publication.post.workspace)
    )
    media = publication.shown_media
    context = {
        "story": story,
        "publication": publication,
        "medium": media[0] if media else None,
        # To be copied. The words of photos go along with them.
        "caption": "" if publication.shows_photos else publication.shown_caption,
        "notes": story.platform.notes(publication),
        "link_form": unclear or LiveLinkForm(),
        "is_under_way": publication.state in UNDER_WAY,
    }
    return render(request, "posts/finish.html", context)
