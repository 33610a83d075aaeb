"""Large files in parts, as the composer sends them: what /uploads/ is to programs, for people.

The same verbs, the same answers and the same refusals (posts/api/uploads.py). The difference is who
asks: the session says so, and each change carries the token against cross-site requests.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import TypeVar

import pydantic
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from ninja import Schema
from pydantic import Field

from accounts.api.refusals import JSON, Invalid, answer_to, fields_of
from accounts.api.schemas import Strict
from accounts.models import Workspace
from accounts.permissions import Right, require, require_in_current
from posts import uploading
from posts.api.showing import shown_medium
from posts.api.uploads import Address, PartOut, UploadIn, shown_upload
from posts.media.storing import StoringFailed
from posts.models import Upload
from posts.views.access import named_post, person

SHOWN = 5  # unfinished uploads; the store is asked about each
View = Callable[..., HttpResponse]
Body = TypeVar("Body", bound=Strict)


class BeginIn(UploadIn):
    post: str = Field("", description="The post in whose workspace it belongs.")


class AddressIn(Strict):
    sha256: str = Field("", pattern="^([0-9a-f]{64})?$")


def refusing_in_json(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - what has no name is raised again
            return answer_to(error)

    return guarded


@refusing_in_json
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    wish = _sent(request, BeginIn)
    workspace = _workspace_of(request, wish.post)
    facts = wish.model_dump(exclude={"post"})
    upload = uploading.begin(by=person(request), workspace=workspace, **facts)
    return _json(shown_upload(upload), HTTPStatus.CREATED)


@refusing_in_json
@require_http_methods(["GET", "HEAD", "DELETE"])
def one(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    upload = _upload_or_404(request, upload_id)
    if request.method == "DELETE":
        uploading.abort(upload)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return _json(shown_upload(upload))


@refusing_in_json
@require_http_methods(["PUT"])
def part(request: HttpRequest, upload_id: uuid.UUID, number: int) -> HttpResponse:
    upload = _upload_or_404(request, upload_id)
    sha256 = uploading.take_part(upload, number, request.read)
    return _json(PartOut(number=number, size=upload.size_of(number), sha256=sha256))


@refusing_in_json
@require_POST
def part_address(request: HttpRequest, upload_id: uuid.UUID, number: int) -> HttpResponse:
    upload = _upload_or_404(request, upload_id)
    digest = _sent(request, AddressIn).sha256
    return _json(Address(url=uploading.address_of(upload, number, digest=digest), method="PUT"))


@refusing_in_json
@require_POST
def complete(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    medium = uploading.complete(_upload_or_404(request, upload_id))
    return _json(shown_medium(medium), HTTPStatus.CREATED)


@require_safe
def unfinished(request: HttpRequest) -> HttpResponse:
    """What somebody began to upload to the workspace of this composer, and has not finished."""
    workspace = _workspace_of(request, request.GET.get("post", ""))
    begun = Upload.objects.of_person(person(request)).filter(workspace=workspace)
    newest = begun.select_related("media").order_by("-created_at")[:SHOWN]
    here = [(upload, _bytes_here(upload)) for upload in newest]
    context = {"uploads": [(upload, count) for upload, count in here if count]}
    return render(request, "posts/_unfinished.html", context)


def _bytes_here(upload: Upload) -> int:
    try:
        return sum(upload.size_of(number) for number in uploading.received(upload))
    except StoringFailed:  # a store that is away says it when something is sent to it
        return 0


def _workspace_of(request: HttpRequest, post_name: str) -> Workspace:
    """That of the post, if one is named; raises PermissionDenied without the right to write."""
    post = named_post(request, post_name)
    if post is None:
        return require_in_current(request, Right.WRITE)
    require(person(request), Right.WRITE, post.workspace)
    return post.workspace


def _upload_or_404(request: HttpRequest, upload_id: uuid.UUID) -> Upload:
    mine = Upload.objects.of_person(person(request)).select_related("media", "workspace")
    upload = get_object_or_404(mine, pk=upload_id)
    require(person(request), Right.WRITE, upload.workspace)
    return upload


def _sent(request: HttpRequest, schema: type[Body]) -> Body:
    try:
        return schema.model_validate_json(request.body)
    except pydantic.ValidationError as error:
        raise Invalid(fields=fields_of(error)) from error


def _json(shown: Schema, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return HttpResponse(shown.model_dump_json(), status=status, content_type=JSON)
