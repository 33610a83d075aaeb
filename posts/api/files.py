"""Bodies that bring files: streamed to disk while they come, and compared by what is in them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from accounts.api.bodies import JSON, refuse_unclear, refuse_unknown
from accounts.api.refusals import Away, Refusal, TooLarge, WrongType, means
from posts.media.receiving import DiskFull, ReceivedFile, UploadRefused, receiving

MULTIPART = "multipart/form-data"


class FilesBody:
    """A form with files. Of its `fields` those in `lists` may come several times. With `or_json`
    the same may come as JSON, without files."""

    def __init__(
        self,
        *,
        files: Sequence[str],
        fields: Sequence[str] = (),
        lists: Sequence[str] = (),
        or_json: bool = False,
    ) -> None:
        self.files, self.fields, self.lists = frozenset(files), frozenset(fields), frozenset(lists)
        self.or_json = or_json

    @contextmanager
    def open(self, request: HttpRequest) -> Iterator[None]:
        if self.or_json and request.content_type == "application/json":
            with JSON.open(request):
                yield
            return
        if request.content_type != MULTIPART:
            also = "JSON or " if self.or_json else ""
            raise WrongType(f"Send {also}a form with files here: “Content-Type: {MULTIPART}”.")
        with receiving(request, limit=settings.MEDIA_SIZE_LIMIT):
            refuse_unknown(request.POST, self.fields)
            refuse_unknown(request.FILES, self.files)
            refuse_unclear(request.POST, lists=self.lists)
            yield

    def told(self, request: HttpRequest) -> bytes:
        if request.content_type == "application/json":
            return request.body
        files = [
            (name, [(file.name, cast(ReceivedFile, file).sha256) for file in found])
            for name, found in sorted(request.FILES.lists())
        ]
        return json.dumps([sorted(request.POST.lists()), files]).encode()

    def document(
        self, *, required: Sequence[str] = (), fields: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """For the OpenAPI document."""
        files = {name: {"type": "string", "format": "binary"} for name in sorted(self.files)}
        schema = {
            "type": "object",
            "properties": {**(fields or {}), **files},
            "required": list(required),
            "additionalProperties": False,
        }
        return {"requestBody": {"content": {MULTIPART: {"schema": schema}}, "required": True}}


def files_of(request: HttpRequest, name: str) -> list[ReceivedFile]:
    return cast(list[ReceivedFile], request.FILES.getlist(name))


@means(UploadRefused)
def _too_large(error: UploadRefused) -> Refusal:
    return TooLarge(error.for_people, code=error.code)


@means(DiskFull)
def _disk_full(error: DiskFull) -> Refusal:
    return Away(error.for_people, code=error.code, seconds=600)
