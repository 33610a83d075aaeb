"""Large files in parts, which can be sent again and go on after a pause."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import HttpRequest
from ninja import Path, Schema, Status
from pydantic import Field

from accounts.api.endpoints import Room, caller_in
from accounts.api.examples import BYTES, Example
from accounts.api.refusals import NotFound, WrongType
from accounts.api.schemas import Moment, Strict
from accounts.models import Scope
from posts import uploading
from posts.api.examples import MEDIUM_SHOWN, UNCHECKED_SHOWN, UPLOAD_SHOWN
from posts.api.schemas import MediaOut
from posts.api.showing import shown_medium
from posts.media.parts import parts_of
from posts.models import MediaKind, Upload

uploads = Room(tags=["Media"])

Number = Annotated[int, Path(ge=1, le=10_000, description="The first part is 1.")]


class UploadIn(Strict):
    name: str = Field(min_length=1, max_length=200, description="What people call the file.")
    size: int = Field(ge=1, le=2**53, description="Bytes of the whole file.")
    kind: MediaKind = MediaKind.VIDEO


class UploadOut(Schema):
    id: UUID
    media_id: UUID
    size: int
    part_size: int = Field(description="Bytes of every part but the last.")
    part_count: int
    received: list[int] = Field(description="The parts that are there.")
    sha256: dict[int, str] = Field(
        description="Of those the SHA-256, in hex; not of what went past this server in silence."
    )
    has_addresses: bool = Field(
        description="Whether parts may go past this server, to an address of the store."
    )
    expires_at: Moment


class PartOut(Schema):
    number: int
    size: int
    sha256: str


class Address(Schema):
    url: str = Field(description="Send the part here with PUT, without any header of ours.")
    method: str


class RawBody:
    """Bytes that are no form: read by the endpoint itself."""

    @contextmanager
    def open(self, request: HttpRequest) -> Iterator[None]:
        if request.content_type not in {"", BYTES}:  # many programs say nothing of bytes
            raise WrongType(f"Send the bytes of the part, with “Content-Type: {BYTES}”.")
        yield

    def told(self, request: HttpRequest) -> bytes:
        return b""


def _document() -> dict[str, Any]:
    schema = {"type": "string", "format": "binary"}
    return {"requestBody": {"content": {BYTES: {"schema": schema}}, "required": True}}


@uploads.endpoint(
    "POST",
    "/uploads/",
    gives={201: UploadOut},
    needs=Scope.WRITE,
    errors=(413, 422),
    summary="Begin an upload in parts",
    example=Example(body={"name": "sunrise.mp4", "size": 40_000_000}, answer=UPLOAD_SHOWN),
)
def begin_upload(request: HttpRequest, body: UploadIn) -> Status[UploadOut]:
    """Cut the file into pieces of `part_size` bytes, of which the last may be smaller, and send
    them as the parts 1 to `part_count`, in any order. After a day without any it is given up."""
    caller = caller_in(request)
    begun = uploading.begin(by=caller.user, workspace=caller.workspace, **body.model_dump())
    return Status(201, shown_upload(begun))


@uploads.endpoint(
    "GET",
    "/uploads/{upload_id}",
    gives={200: UploadOut},
    needs=Scope.WRITE,
    errors=(422,),
    summary="Which parts are there",
    example=Example(
        answer=UPLOAD_SHOWN | {"received": [1], "sha256": {"1": MEDIUM_SHOWN["sha256"]}}
    ),
)
def get_upload(request: HttpRequest, upload_id: UUID) -> UploadOut:
    """`received` names them, so that an upload can go on after a break. 404 once it is complete:
    its `media_id` is the medium then."""
    return shown_upload(_upload_or_404(request, upload_id))


@uploads.endpoint(
    "PUT",
    "/uploads/{upload_id}/parts/{number}",
    gives={200: PartOut},
    needs=Scope.WRITE,
    errors=(409, 422),
    body=RawBody(),
    summary="Send a part",
    example=Example(
        bytes_of="part-1",
        answer={"number": 1, "size": 8_000_000, "sha256": MEDIUM_SHOWN["sha256"]},
    ),
    document=_document(),
)
def put_part(request: HttpRequest, upload_id: UUID, number: Number) -> PartOut:
    """The bytes themselves. The same part may be sent again; one that is there already with other
    bytes is 409 `other_bytes`."""
    upload = _upload_or_404(request, upload_id)
    sha256 = uploading.take_part(upload, number, request.read)
    return PartOut(number=number, size=upload.size_of(number), sha256=sha256)


@uploads.endpoint(
    "POST",
    "/uploads/{upload_id}/parts/{number}/address",
    gives={200: Address},
    needs=Scope.WRITE,
    errors=(409, 422),
    remembers=False,
    summary="Where to send a part past this server",
    example=Example(
        answer={"url": "https://store.example.com/media/…?partNumber=1&…", "method": "PUT"}
    ),
)
def get_part_address(request: HttpRequest, upload_id: UUID, number: Number) -> Address:
    """A signed address of the S3 store, for a quarter of an hour. 409 `no_address` where files are
    kept on the server itself."""
    upload = _upload_or_404(request, upload_id)
    return Address(url=uploading.address_of(upload, number), method="PUT")


@uploads.endpoint(
    "POST",
    "/uploads/{upload_id}/complete",
    gives={201: MediaOut},
    needs=Scope.WRITE,
    errors=(409, 422),
    summary="All parts are there",
    example=Example(answer=UNCHECKED_SHOWN | {"sha256": ""}),
)
def complete_upload(request: HttpRequest, upload_id: UUID) -> Status[MediaOut]:
    """They become the medium `media_id`, which is `checking` next. 409 `parts_missing` says which
    are."""
    medium = uploading.complete(_upload_or_404(request, upload_id))
    return Status(201, shown_medium(medium))


@uploads.endpoint(
    "DELETE", "/uploads/{upload_id}", gives={204: None}, needs=Scope.WRITE, errors=(409, 422),
    summary="Give an upload up", example=Example(),
)  # fmt: skip
def delete_upload(request: HttpRequest, upload_id: UUID) -> Status[None]:
    """Its parts are thrown away, and so is what would have become of them."""
    uploading.abort(_upload_or_404(request, upload_id))
    return Status(204, None)


def _upload_or_404(request: HttpRequest, upload_id: UUID) -> Upload:
    mine = caller_in(request).workspace.uploads.select_related("media")
    upload = mine.filter(pk=upload_id).first()
    if upload is None:
        raise NotFound
    return upload


def shown_upload(upload: Upload) -> UploadOut:
    received = uploading.received(upload)
    return UploadOut(
        id=upload.pk,
        media_id=upload.media_id,
        size=upload.size,
        part_size=upload.part_size,
        part_count=upload.part_count,
        received=list(received),
        sha256={number: digest for number, digest in received.items() if digest},
        has_addresses=parts_of(default_storage).has_addresses,
        expires_at=upload.expires_at,
    )
