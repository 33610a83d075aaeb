"""Writing a post: the composer, its autosave, and the settings of the account that is chosen."""

from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Right, require, require_in_current
from posts.errors import IllegalMove, PublicationError
from posts.models import Post, Publication
from posts.offers import Offer, offers
from posts.planning import Content, request_approval, save_draft, schedule_post
from posts.states import State
from posts.views.access import person, post_or_404, sent_post
from posts.views.arranging import arranged, is_arranging
from posts.views.composing import Composer
from posts.views.sentences import on_its_way, planned_for


@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest) -> HttpResponse:
    """An empty composer; and where every composer is sent to."""
    if request.method == "POST":
        return _press(request, _sent(request))
    workspace = require_in_current(request, Right.WRITE)
    media_ids = request.GET.getlist("media")
    return _show(request, Composer(by=person(request), workspace=workspace, media_ids=media_ids))


@require_safe
def edit(request: HttpRequest, post_id: int) -> HttpResponse:
    post = post_or_404(request, post_id)
    require(person(request), Right.WRITE, post.workspace)
    composer = Composer(
        by=person(request),
        workspace=post.workspace,
        post=post,
        media_ids=request.GET.getlist("media"),
    )
    if not _may_edit(composer):
        messages.info(request, "This post can not be changed now. See below what is possible.")
        return redirect("posts:detail", post.pk)
    return _show(request, composer)


@require_POST
def autosave(request: HttpRequest) -> HttpResponse:
    """Keep the draft while it is being written. Asks no platform."""
    composer = _sent(request)
    if not composer.autosaves or composer.compose.errors:
        return render(request, "posts/_saved.html", composer.context())
    is_new = composer.post is None
    if is_new and composer.content == Content(channel=composer.content.channel):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)  # nothing worth a draft yet
    try:
        composer.post = _save(composer, by_itself=True)
    except PublicationError as error:
        composer.refuse(error)
    answer = render(request, "posts/_saved.html", composer.context() | {"is_new": is_new})
    if is_new and composer.post is not None:
        answer["HX-Replace-Url"] = reverse("posts:edit", args=[composer.post.pk])
    return answer


@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """The part of the composer that depends on the account and on the kind of media."""
    composer = _sent(request)
    composer.ask_platform(judge=False)
    composer.forget_the_time()
    return render(request, "posts/_plan.html", composer.context())


def _sent(request: HttpRequest) -> Composer:
    post = sent_post(request)
    if post is not None:
        require(person(request), Right.WRITE, post.workspace)
    workspace = post.workspace if post else require_in_current(request, Right.WRITE)
    button = request.POST.get("press", "")
    data = arranged(request.POST, button) if is_arranging(button) else request.POST
    return Composer(by=person(request), workspace=workspace, post=post, data=data)


def _press(request: HttpRequest, composer: Composer) -> HttpResponse:
    """One of the composer's buttons."""
    button = request.POST.get("press", "draft")
    if button == "account" or is_arranging(button):  # without scripts: show it with the change
        composer.forget_the_time()
        composer.ask_platform(judge=False)
        return _show(request, composer)
    try:
        if composer.is_stale:
            raise IllegalMove(
                f"Meanwhile this post has changed: it is {composer.state.replace('_', ' ')} now. "
                "Look at it once more, then press the button again."
            )
        outcome = _obey(composer, button)
    except PublicationError as error:
        composer.refuse(error)
        outcome = None
    if outcome is None:
        if button in {"draft", "now"}:
            composer.forget_the_time()
        return _show(request, composer)
    post, sentence = outcome
    messages.success(request, sentence)
    return redirect("posts:detail", post.pk)


def _obey(composer: Composer, button: str) -> tuple[Post, str] | None:
    """Do what the button says. None when the forms have something against it."""
    if button == "draft":
        return (_save(composer), "Draft saved.") if not composer.compose.errors else None
    if button == "ask":
        with_time = bool(composer.data and composer.data.get("time"))
        if not (composer.is_ready_to_go(with_time=with_time) and composer.ask.is_valid()):
            return None
        return _ask(composer, _wished_time(composer) if with_time else None)
    if not composer.rights.may_publish:
        raise PermissionDenied("Your role does not let you publish.")
    is_ready = composer.is_ready_to_go(with_time=button != "now")
    if not is_ready or (button == "now" and not composer.may_go_now()):
        return None
    due_at = timezone.now() if button == "now" else _wished_time(composer)
    publication = _schedule(composer, due_at)
    if button == "now":
        return publication.post, on_its_way(publication)
    return publication.post, planned_for(publication, due_at.astimezone(composer.by.zone))


def _save(composer: Composer, *, by_itself: bool = False) -> Post:
    return save_draft(
        by_itself=by_itself,
        by=composer.by,
        workspace=composer.workspace,
        post=composer.post,
        content=composer.content,
        due_at=composer.due_at,
        choices=composer.choices,
    )


def _schedule(composer: Composer, due_at: datetime) -> Publication:
    return schedule_post(
        by=composer.by,
        workspace=composer.workspace,
        post=composer.post,
        content=composer.content,
        options=composer.valid_options,
        due_at=due_at,
    )


def _ask(composer: Composer, due_at: datetime | None) -> tuple[Post, str]:
    publication = request_approval(
        by=composer.by,
        workspace=composer.workspace,
        post=composer.post,
        content=composer.content,
        options=composer.valid_options,
        due_at=due_at,
        note=composer.ask.cleaned_data["note"],
    )
    return publication.post, (
        "Sent for approval. Nothing goes out before it is approved; you get a mail about it."
    )


def _wished_time(composer: Composer) -> datetime:
    due_at: datetime = composer.when.cleaned_data["due_at"]
    return due_at


def _may_edit(composer: Composer) -> bool:
    publication = composer.publication
    if publication is None:
        return True
    rights = composer.rights
    return Offer.EDIT in offers(
        publication, composer.by, may_write=rights.may_write, may_publish=rights.may_publish
    )


def _show(request: HttpRequest, composer: Composer) -> HttpResponse:
    if composer.options is None:
        composer.ask_platform()
    context = composer.context() | {"is_planned": composer.state != State.DRAFT}
    return render(request, "posts/compose.html", context)
