"""The parts of an upload in an S3 store, which is told of them one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import IO, TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import Storage
from django.db import transaction
from django.utils import timezone
from storages.backends.s3 import S3Storage

from posts.media.s3 import s3_name
from posts.media.storing import StoringFailed
from posts.models import Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

ADDRESS_SECONDS = 900
NOBODYS = timedelta(days=7)  # of an upload that the store has, and none of our rows
GONE = {"NoSuchUpload", "404", "NoSuchKey"}


class S3Parts:
    """Its own list of parts counts, since what goes past us tells us nothing."""

    has_addresses = True

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

    def write(self, upload: Upload, number: int, part: IO[bytes], digest: str) -> None:
        self._announce(upload, number, digest)
        try:
            self.client.upload_part(
                Bucket=self.bucket,
                Key=self._name(upload),
                UploadId=upload.store_upload_id,
                PartNumber=number,
                Body=part,
            )
        except (BotoCoreError, ClientError) as error:
            raise StoringFailed(str(error)) from error

    def address(self, upload: Upload, number: int, digest: str) -> str:
        self._announce(upload, number, digest)
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
        if upload.store_upload_id:
            self._abort(self._name(upload), upload.store_upload_id)

    def sweep(self) -> int:
        """Whoever died before the store's own name of an upload was written down leaves one that
        nobody can name. Only old ones: another installation may keep its own in this bucket."""
        known = set(Upload.objects.values_list("store_upload_id", flat=True))
        pages = self.client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self.bucket, Prefix=s3_name(self.storage, "media/")
        )
        try:
            forgotten = [
                (each["Key"], each["UploadId"])
                for page in pages
                for each in page.get("Uploads", [])
                if each["Initiated"] < timezone.now() - NOBODYS and each["UploadId"] not in known
            ]
        except (BotoCoreError, ClientError) as error:
            raise StoringFailed(str(error)) from error
        for name, store_upload_id in forgotten:
            self._abort(name, store_upload_id)
        return len(forgotten)

    def _announce(self, upload: Upload, number: int, digest: str) -> None:
        """Before the bytes, since those that go past us tell us nothing when they have arrived."""
        with transaction.atomic():
            Upload.objects.locked(upload).note(number, digest)

    def _abort(self, name: str, store_upload_id: str) -> None:
        try:
            self.client.abort_multipart_upload(
                Bucket=self.bucket, Key=name, UploadId=store_upload_id
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") not in GONE:
                raise StoringFailed(str(error)) from error
        except BotoCoreError as error:
            raise StoringFailed(str(error)) from error

    def _listed(self, upload: Upload) -> dict[int, tuple[str, int]]:
        """By number: the store's tag, and how many bytes."""
        if not upload.store_upload_id:
            return {}  # whoever began it died over it
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
