"""The parts of an upload in an S3 store, which is told of them one by one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import Storage
from storages.backends.s3 import S3Storage

from posts.media.receiving import incoming_folder
from posts.media.s3 import s3_name
from posts.media.storing import StoringFailed
from posts.models import Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

ADDRESS_SECONDS = 900
GONE = {"NoSuchUpload", "404", "NoSuchKey"}


class S3Parts:
    """Its own list of parts counts, since what goes past us tells us nothing."""

    def __init__(self, storage: Storage) -> None:
        if not isinstance(storage, S3Storage):
            raise TypeError(f"parts can not be kept in a {type(storage).__name__}")
        self.storage = storage
        self.client: S3Client = storage.connection.meta.client
        self.bucket = storage.bucket_name

    def begin(self, upload: Upload) -> None:
        try:
            begun = self.client.create_multipart_upload(
                Bucket=self.bucket, Key=self._name(upload), ContentType="application/octet-stream"
            )
        except (BotoCoreError, ClientError) as error:
            raise StoringFailed(str(error)) from error
        upload.store_upload_id = begun["UploadId"]

    def write(self, upload: Upload, number: int, blocks: Iterator[bytes]) -> None:
        incoming_folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=incoming_folder()) as file:
            for block in blocks:
                file.write(block)
            file.seek(0)
            try:
                self.client.upload_part(
                    Bucket=self.bucket,
                    Key=self._name(upload),
                    UploadId=upload.store_upload_id,
                    PartNumber=number,
                    Body=file,
                )
            except (BotoCoreError, ClientError) as error:
                raise StoringFailed(str(error)) from error

    def address(self, upload: Upload, number: int) -> str:
        return self.client.generate_presigned_url(
            "upload_part",
            Params={
                "Bucket": self.bucket,
                "Key": self._name(upload),
                "UploadId": upload.store_upload_id,
                "PartNumber": number,
            },
            ExpiresIn=ADDRESS_SECONDS,
        )

    def received(self, upload: Upload) -> set[int]:
        return {
            number
            for number, (_, size) in self._listed(upload).items()
            if number <= upload.part_count and size == upload.size_of(number)
        }

    def join(self, upload: Upload, key: str) -> None:
        listed = self._listed(upload)
        parts: list[CompletedPartTypeDef] = [
            {"PartNumber": number, "ETag": listed[number][0]} for number in sorted(listed)
        ]
        if not parts and self.storage.exists(key):
            return  # whoever did it died before saying so
        try:
            self.client.complete_multipart_upload(
                Bucket=self.bucket,
                Key=self._name(upload),
                UploadId=upload.store_upload_id,
                MultipartUpload={"Parts": parts},
            )
        except (BotoCoreError, ClientError) as error:
            raise StoringFailed(str(error)) from error

    def discard(self, upload: Upload) -> None:
        try:
            self.client.abort_multipart_upload(
                Bucket=self.bucket, Key=self._name(upload), UploadId=upload.store_upload_id
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") not in GONE:
                raise StoringFailed(str(error)) from error
        except BotoCoreError as error:
            raise StoringFailed(str(error)) from error

    def _listed(self, upload: Upload) -> dict[int, tuple[str, int]]:
        """By number: the store's tag, and how many bytes."""
        pages = self.client.get_paginator("list_parts").paginate(
            Bucket=self.bucket, Key=self._name(upload), UploadId=upload.store_upload_id
        )
        try:
            return {
                part["PartNumber"]: (part["ETag"], part["Size"])
                for page in pages
                for part in page.get("Parts", [])
            }
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in GONE:
                return {}
            raise StoringFailed(str(error)) from error
        except BotoCoreError as error:
            raise StoringFailed(str(error)) from error

    def _name(self, upload: Upload) -> str:
        return s3_name(self.storage, upload.media.storage_key)
