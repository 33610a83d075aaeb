"""One page a post: what it is, what happened to it, and what can be done now."""

from http import HTTPStatus

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from posts.forms import CommentForm, LiveLinkForm, NoteForm, WhenForm
from posts.models import Post, all_photos
from posts.planning import AT_REST
from posts.states import State
from posts.views.access import Rights, person, post_or_404, publication_or_404
from posts.views.story import WATCHED, Story
from posts.views.timeline import Line, Remark, latest_first, remarks_on


@require_safe
def detail(request: HttpRequest, post_id: int) -> HttpResponse:
    return show_post(request, post_or_404(request, post_id))


def show_post(
    request: HttpRequest, post: Post, *, unclear: forms.Form | None = None
) -> HttpResponse:
    """The page; with `unclear`, a small form of it that was sent and has something to say."""
    rights = Rights.of(person(request), post.workspace)
    stories = _stories(request, post, rights)
    media = stories[0].publication.shown_media if stories else post.ordered_media
    context = {
        "post": post,
        "stories": stories,
        "story": stories[0] if stories else None,
        "lines": _talk(request, post, rights) if not stories else [],
        "media": media,
        "shows_photos": all_photos(media),
        "caption": stories[0].publication.shown_caption if stories else post.caption,
        "title": stories[0].publication.shown_title if stories else post.title,
        "rights": rights,
        "zone": person(request).zone,
        "may_archive": _may_archive(stories, rights),
        "without_scripts_seconds": _without_scripts(stories),
        **_small_forms(request, stories, unclear),
    }
    return render(request, "posts/detail.html", context)


def show_talk(request: HttpRequest, post: Post, *, form: forms.Form) -> HttpResponse:
    """The form for a comment, and the histories that have the last one in them."""
    rights = Rights.of(person(request), post.workspace)
    stories = _stories(request, post, rights)
    lines = _talk(request, post, rights) if not stories else []
    context = {"post": post, "stories": stories, "lines": lines, "comment_form": form}
    return render(request, "posts/_talk.html", context)


@require_safe
def state(request: HttpRequest, publication_id: int) -> HttpResponse:
    """The living part of the page: nothing when it is as the browser has seen it."""
    publication = publication_or_404(request, publication_id)
    rights = Rights.of(person(request), publication.post.workspace)
    story = Story(publication, person(request), rights)
    if request.GET.get("seen") != story.fingerprint:
        context = {"story": story, "rights": rights, **_small_forms(request, [story])}
        return render(request, "posts/_story.html", context)
    if request.GET.get("every") != str(story.refresh_seconds):
        template, target = "posts/_poll.html", f"#poll-{publication.pk}"
    elif story.attempt is not None:
        template, target = "posts/_sent_bytes.html", f"#sent-{publication.pk}"
    else:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    answer = render(request, template, {"story": story})
    answer["HX-Retarget"], answer["HX-Reswap"] = target, "outerHTML"
    return answer


def _stories(request: HttpRequest, post: Post, rights: Rights) -> list[Story]:
    publications = post.publications.select_related(
        "post__workspace", "post__author", "channel", "approval__by", "by_word_of"
    ).prefetch_related("post__items__media", "items__media")
    return [Story(each, person(request), rights) for each in publications.order_by("pk")]


def _talk(request: HttpRequest, post: Post, rights: Rights) -> list[Line | Remark]:
    """All that there is of a post that goes nowhere yet."""
    return latest_first([], remarks_on(post, by=person(request), rights=rights))


def _small_forms(
    request: HttpRequest, stories: list[Story], unclear: forms.Form | None = None
) -> dict[str, object]:
    due_at = stories[0].publication.due_at if stories else None
    upcoming = due_at if due_at and due_at > timezone.now() else None
    small = {
        "when": WhenForm(zone=person(request).zone, due_at=upcoming),
        "link_form": LiveLinkForm(),
        "note_form": NoteForm(),
        "comment_form": CommentForm(),
    }
    for name, form in small.items():
        if type(form) is type(unclear):
            small[name] = unclear
    return small | {"zone": person(request).zone}


def _may_archive(stories: list[Story], rights: Rights) -> bool:
    states = {State(story.publication.state) for story in stories}
    right = rights.may_write if states <= {State.DRAFT} else rights.may_publish
    return right and states <= set(AT_REST)


def _without_scripts(stories: list[Story]) -> int | None:
    """Seconds after which a browser without scripts loads the page again, while it moves."""
    return 5 if any(story.refresh_seconds == WATCHED for story in stories) else None
