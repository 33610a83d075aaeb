"""Uploading files, what became of them, and showing them."""

import uuid
from pathlib import PurePath
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Workspace
from accounts.permissions import Right, require, require_in_current
from posts.forms.compose import MediaField
from posts.media.keeping import keep_medium
from posts.media.receiving import ReceivedFile, UploadRefused, receiving
from posts.media.serving import range_response
from posts.media.sources import SourceGone, source_for
from posts.media.storing import StoringFailed
from posts.models import Media, MediaState, Post, PostMedia
from posts.views.access import medium_or_404, person, sent_post
from posts.views.composing import shown_media

FIELD = "file"
SHOWABLE = {"video/mp4", "video/quicktime", "video/webm", "image/jpeg"}


NO_FILE = "No file came with this. Please choose a video or photos first."
NO_STORE = "The file arrived, but our store did not take it. Please upload it again."


# Django's check against cross-site requests reads the body: it must run where the file is
# already streamed to disk, so the outer view is exempt and the inner one is protected.
@csrf_exempt
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Whole files from a plain form; scripts send them in parts (posts/views/uploads.py)."""
    workspace = require_in_current(request, Right.WRITE)
    with receiving(request, limit=settings.MEDIA_SIZE_LIMIT):
        try:
            return _take(request, workspace=workspace)
        except UploadRefused as refused:
            return _refuse(request, refused.for_people)


@csrf_protect
def _take(request: HttpRequest, *, workspace: Workspace) -> HttpResponse:
    post = sent_post(request)
    if post is not None:
        workspace = post.workspace
        require(person(request), Right.WRITE, workspace)
    files = cast(list[ReceivedFile], request.FILES.getlist(FIELD))
    if not files:
        return _refuse(request, NO_FILE, post=post)
    try:
        kept = [keep_medium(file, by=person(request), workspace=workspace) for file in files]
    except StoringFailed:
        return _refuse(request, NO_STORE, post=post)
    # Photos are added to those that the page had.
    chosen = [*request.POST.getlist("beside"), *(str(each.pk) for each in kept)]
    return redirect(f"{_composer_of(post)}?{urlencode({'media': chosen}, doseq=True)}")


def _refuse(request: HttpRequest, sentence: str, *, post: Post | None = None) -> HttpResponse:
    messages.error(request, sentence)
    return redirect(_composer_of(post))


def _composer_of(post: Post | None) -> str:
    return reverse("posts:edit", args=[post.pk]) if post else reverse("posts:compose")


@require_safe
def status(request: HttpRequest, media_id: uuid.UUID) -> HttpResponse:
    """What became of an upload: the composer's part of it, or JSON."""
    medium = medium_or_404(request, media_id)
    if request.headers.get("Accept", "").startswith("application/json"):
        known = {"id": str(medium.pk), "state": medium.state, "problems": medium.problems}
        return JsonResponse(known | {"name": medium.name, "duration": medium.duration})
    return _part(request, [medium])


@require_safe
def part(request: HttpRequest) -> HttpResponse:
    """The composer's part for the media that the address names, in that order."""
    return _part(request, _named(request, "medium"))


@require_safe
def tiles(request: HttpRequest) -> HttpResponse:
    """Of the photos that a page waits for, those whose check has ended."""
    waiting = _named(request, "waiting")
    settled = [medium for medium in waiting if medium.is_settled]
    context = {"settled": settled, "waits": len(settled) < len(waiting)}
    return render(request, "posts/_photos_poll.html", context)


def _part(request: HttpRequest, media: list[Media]) -> HttpResponse:
    return render(request, "posts/_media.html", shown_media(media) | {"swapped": True})


def _named(request: HttpRequest, name: str) -> list[Media]:
    """The media that the query names and the person may see, in its order; nonsense is nothing."""
    field = MediaField(Media.objects.in_workspaces_of(person(request)), required=False)
    try:
        media: list[Media] = field.clean(request.GET.getlist(name))
    except ValidationError:
        return []
    return media


@require_POST
def dismiss(request: HttpRequest, media_id: uuid.UUID) -> HttpResponse:
    """Forget a file that was not accepted; its bytes are gone already."""
    medium = medium_or_404(request, media_id)
    require(person(request), Right.WRITE, medium.workspace)
    post = sent_post(request)
    if medium.state == MediaState.REJECTED:
        with transaction.atomic():
            PostMedia.objects.filter(media=medium).delete()
            medium.delete()
    if request.htmx:  # type: ignore[attr-defined]
        return _part(request, [])
    return redirect(_composer_of(post))


@require_safe
def file(request: HttpRequest, media_id: uuid.UUID) -> HttpResponseBase:
    """The video or photo itself, in ranges, so that a player can jump."""
    medium = medium_or_404(request, media_id)
    if not medium.is_ready:
        raise Http404
    return _bytes_of(
        request,
        medium.storage_key,
        content_type=medium.content_type if medium.content_type in SHOWABLE else "video/mp4",
        etag=medium.sha256,
        filename=_file_name(medium),
    )


def _file_name(medium: Media) -> str:
    """A photo has become a JPEG, whatever it was when it came."""
    return f"{PurePath(medium.name).stem}.jpg" if medium.is_photo else medium.name


@require_safe
def poster(request: HttpRequest, media_id: uuid.UUID) -> HttpResponseBase:
    medium = medium_or_404(request, media_id)
    if not medium.poster_key:
        raise Http404
    return _bytes_of(
        request, medium.poster_key, content_type="image/jpeg", etag=f"{medium.sha256}-poster"
    )


def _bytes_of(
    request: HttpRequest, key: str, *, content_type: str, etag: str, filename: str | None = None
) -> HttpResponseBase:
    try:
        source = source_for(default_storage, key)
    except SourceGone as error:
        raise Http404 from error
    return range_response(request, source, content_type=content_type, filename=filename, etag=etag)
