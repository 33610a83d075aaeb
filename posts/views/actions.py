"""The buttons of a post's page. Each calls one verb and says what it did; the verb decides."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from posts import planning
from posts.approving import approve_seen
from posts.errors import Blocked, PublicationError
from posts.forms import LiveLinkForm, NoteForm, WhenForm
from posts.models import Publication
from posts.views.access import person, post_or_404, publication_or_404
from posts.views.detail import show_post
from posts.views.finishing import show_finish
from posts.views.sentences import on_its_way, planned_for
from posts.waiting import is_due

Act = Callable[[HttpRequest, Publication], str]


class Unclear(Exception):
    """What came with the press of the button makes no sense; the form says what to change."""

    def __init__(self, form: forms.Form) -> None:
        super().__init__(form.errors)
        self.form = form


def _verb(act: Act) -> Callable[[HttpRequest, int], HttpResponse]:
    """A view of one publication that does `act`, tells its sentence, and shows the page again."""

    @require_POST
    @wraps(act)
    def view(request: HttpRequest, publication_id: int) -> HttpResponse:
        publication = publication_or_404(request, publication_id)
        try:
            messages.success(request, act(request, publication))
        except Blocked as blocked:
            for finding in blocked.findings:
                messages.error(request, f"{finding.message} {finding.what_to_do}".strip())
        except Unclear as unclear:
            if _is_on_the_phone(request):
                return show_finish(request, publication, unclear=unclear.form)
            return show_post(request, publication.post, unclear=unclear.form)
        except PublicationError as error:
            messages.error(request, str(error))
        if _is_on_the_phone(request):
            return redirect("posts:finish", publication.pk)
        return redirect("posts:detail", publication.post_id)

    return view


def _is_on_the_phone(request: HttpRequest) -> bool:
    """The button stood on the page for the phone, which says what follows (finishing.py)."""
    return request.POST.get("page") == "finish"


@_verb
def reschedule(request: HttpRequest, publication: Publication) -> str:
    when = WhenForm(request.POST, zone=person(request).zone)
    if not when.is_valid():
        raise Unclear(when)
    publication.reschedule(when.cleaned_data["due_at"], by=person(request))
    return _moved(request, publication)


@_verb
def take_proposal(request: HttpRequest, publication: Publication) -> str:
    publication.take_proposal(by=person(request))
    return _moved(request, publication)


@_verb
def publish_now(request: HttpRequest, publication: Publication) -> str:
    publication.publish_now(by=person(request))
    return on_its_way(publication)


@_verb
def pause(request: HttpRequest, publication: Publication) -> str:
    publication.pause(by=person(request))
    return "Paused. Nothing is sent until you resume it."


@_verb
def resume(request: HttpRequest, publication: Publication) -> str:
    publication.resume(by=person(request))
    if is_due(publication):
        return "Resumed. Its time has passed, so it goes out now."
    return "Resumed. It goes out at its planned time."


@_verb
def retry(request: HttpRequest, publication: Publication) -> str:
    publication.retry(by=person(request))
    return "Trying again now."


@_verb
def cancel(request: HttpRequest, publication: Publication) -> str:
    if publication.cancel(by=person(request)):
        return "Canceled. “Undo: back to draft” brings it back."
    if publication.is_being_fetched:
        return "It is being fetched already. We ask for it to be stopped; see here what came of it."
    return "Stopping. The upload ends before its last block, so nothing appears."


@_verb
def undo_cancel(request: HttpRequest, publication: Publication) -> str:
    publication.undo_cancel(by=person(request))
    return "Back as a draft."


@_verb
def take_back(request: HttpRequest, publication: Publication) -> str:
    publication.take_back(by=person(request))
    return "Taken back. It is a draft again."


@_verb
def approve(request: HttpRequest, publication: Publication) -> str:
    """For the time that was asked for, which the button names; or for the one of the form."""
    due_at = None
    if "date" in request.POST:
        when = WhenForm(request.POST, zone=person(request).zone)
        if not when.is_valid():
            raise Unclear(when)
        due_at = when.cleaned_data["due_at"]
    seen = request.POST.get("seen", "")
    approve_seen(publication, by=person(request), due_at=due_at, seen=seen)
    local = cast(datetime, publication.due_at).astimezone(person(request).zone)
    return f"Approved. {planned_for(publication, local)}"


@_verb
def send_back(request: HttpRequest, publication: Publication) -> str:
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise Unclear(form)
    publication.send_back(by=person(request), note=form.cleaned_data["note"])
    return "Sent back. Its author is told what should change."


@_verb
def check_again(request: HttpRequest, publication: Publication) -> str:
    publication.check_again(by=person(request))
    return "Asking what became of it."


@_verb
def confirm_live(request: HttpRequest, publication: Publication) -> str:
    form = LiveLinkForm(request.POST)
    if not form.is_valid():
        raise Unclear(form)
    publication.confirm_live(by=person(request), permalink=form.cleaned_data["link"])
    return "Marked as published, on your word. “It is not live after all” takes that back."


@_verb
def take_back_word(request: HttpRequest, publication: Publication) -> str:
    publication.take_back_word(by=person(request))
    return "Taken back. It is unconfirmed again."


@_verb
def send_again(request: HttpRequest, publication: Publication) -> str:
    """Under a warning and the consent sentence: a new Approval of exactly what was shown."""
    publication.schedule(
        timezone.now(),
        by=person(request),
        seen_digest=request.POST.get("seen", ""),
        send_again=True,
    )
    return "Sending it again."


def _moved(request: HttpRequest, publication: Publication) -> str:
    due_at = cast(datetime, publication.due_at)
    return f"Moved to {due_at.astimezone(person(request).zone):%A, %d %B, %H:%M (%Z)}."


@require_POST
def duplicate(request: HttpRequest, post_id: int) -> HttpResponse:
    copy = planning.duplicate(post_or_404(request, post_id), by=person(request))
    messages.success(request, "A copy, as a draft. Choose its settings anew.")
    return redirect("posts:edit", copy.pk)


@require_POST
def archive(request: HttpRequest, post_id: int) -> HttpResponse:
    post = post_or_404(request, post_id)
    try:
        planning.archive(post, by=person(request))
    except PublicationError as error:
        messages.error(request, str(error))
        return redirect("posts:detail", post.pk)
    messages.success(request, "Removed from your posts. Nothing outside this site was touched.")
    return redirect("posts:list")


@require_POST
def unarchive(request: HttpRequest, post_id: int) -> HttpResponse:
    post = post_or_404(request, post_id)
    planning.unarchive(post, by=person(request))
    messages.success(request, "Back among your posts.")
    return redirect("posts:detail", post.pk)
