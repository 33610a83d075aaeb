"""Copies of workspaces: make one, see them, fetch one."""

import uuid

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Right, require_in
from posts.copies import make_copy
from posts.media.serving import range_response
from posts.media.sources import SourceGone, source_for
from posts.models import WorkspaceCopy
from posts.views.access import person


@require_safe
def copies(request: HttpRequest) -> HttpResponse:
    mine = WorkspaceCopy.objects.for_(person(request))
    return render(request, "posts/copies.html", {"copies": mine})


@require_POST
def make(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = require_in(request, workspace_id, Right.MANAGE)
    try:
        make_copy(workspace, by=person(request))
    except OSError as error:
        messages.error(request, f"The copy could not be written: {error.strerror or error}.")
        return redirect("accounts:workspace", workspace.pk)
    messages.success(request, f"The copy of “{workspace}” is ready.")
    return redirect("leaving:copies")


@require_safe
def fetch(request: HttpRequest, copy_id: uuid.UUID) -> HttpResponseBase:
    copy = get_object_or_404(WorkspaceCopy.objects.for_(person(request)), pk=copy_id)
    try:
        source = source_for(default_storage, copy.storage_key)
    except SourceGone as error:
        raise Http404 from error
    return range_response(
        request,
        source,
        content_type="application/zip",
        filename=f"{copy.name} {copy.created_at:%Y-%m-%d}.zip",
        etag=str(copy.pk),
        cache_control="private, no-store",
    )
