"""Media: uploaded in one request, listed, and deleted while nothing needs them."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Status

from accounts.api.endpoints import Room, caller_in
from accounts.api.examples import Example
from accounts.api.refusals import Invalid
from accounts.models import Scope
from posts.api.access import medium_or_404
from posts.api.examples import MEDIUM_SHOWN, UNCHECKED_SHOWN
from posts.api.files import FilesBody, files_of
from posts.api.paging import page
from posts.api.schemas import MediaFilter, MediaOut, MediaPage
from posts.api.showing import shown_medium
from posts.media.keeping import keep_medium
from posts.media.removing import remove_medium

media = Room(tags=["Media"])


@media.endpoint(
    "POST",
    "/media/",
    gives={201: MediaOut},
    needs=Scope.WRITE,
    errors=(413, 415, 422),
    body=FilesBody(files=("file",)),
    summary="Upload a file in one request",
    example=Example(files={"file": "sunrise.mp4"}, answer=UNCHECKED_SHOWN),
    document=FilesBody(files=("file",)).document(required=("file",)),
)
def upload_media(request: HttpRequest) -> Status[MediaOut]:
    """A video or a photo, as multipart in `file`, up to 4 GB. It is `checking` at first: ask for it
    until it is `ready`, or `rejected` with `problems`. Large files go to /uploads/ in parts."""
    caller = caller_in(request)
    files = files_of(request, "file")
    if len(files) != 1:
        raise Invalid(fields={"file": ["Send exactly one file."]})
    medium = keep_medium(files[0], by=caller.user, workspace=caller.workspace)
    return Status(201, shown_medium(medium))


@media.endpoint(
    "GET", "/media/", gives={200: MediaPage}, needs=Scope.READ, errors=(422,), summary="List media",
    example=Example(
        query={"kind": "video", "state": "ready"},
        answer={"media": [MEDIUM_SHOWN], "next_cursor": None},
    ),
)  # fmt: skip
def list_media(request: HttpRequest, query: Query[MediaFilter]) -> MediaPage:
    """The newest first. Send `next_cursor` as `cursor` for the next page; the last has none."""
    found = caller_in(request).workspace.media.all()
    if query.state is not None:
        found = found.filter(state=query.state)
    if query.kind is not None:
        found = found.filter(kind=query.kind)
    rows, next_cursor = page(found, by="created_at", cursor=query.cursor, limit=query.limit)
    return MediaPage(media=[shown_medium(each) for each in rows], next_cursor=next_cursor)


@media.endpoint(
    "GET", "/media/{media_id}", gives={200: MediaOut}, needs=Scope.READ, errors=(422,),
    summary="One medium", example=Example(answer=MEDIUM_SHOWN),
)  # fmt: skip
def get_media(request: HttpRequest, media_id: UUID) -> MediaOut:
    """`rejected` media can not be posted: `problems` say why, and what to export instead."""
    return shown_medium(medium_or_404(request, media_id))


@media.endpoint(
    "DELETE", "/media/{media_id}", gives={204: None}, needs=Scope.WRITE, errors=(409, 422),
    summary="Delete a medium", example=Example(),
)  # fmt: skip
def delete_media(request: HttpRequest, media_id: UUID) -> Status[None]:
    """409 `in_use` while a post has it."""
    remove_medium(medium_or_404(request, media_id))
    return Status(204, None)
