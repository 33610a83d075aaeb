"""Put a file where media are kept: in a folder of this machine or in an S3 store."""

import errno
import os
import shutil
import uuid
from pathlib import Path

from boto3.exceptions import S3UploadFailedError
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import FileSystemStorage, Storage
from storages.backends.s3 import S3Storage

from posts.media.receiving import ReceivedFile
from posts.media.sources import s3_name

# 4 GB are 250 parts, of which two are on their way at any time.
PART = 16 * 1024 * 1024  # bytes
UPLOAD = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, max_concurrency=2)

# What os.link says on a file system that knows no second name for a file.
NO_LINKS_HERE = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS}


class StoringFailed(Exception):
    """The store did not take the file, which is still where it was. Trying again may help."""


def keep(received: ReceivedFile, storage: Storage, key: str, *, content_type: str) -> None:
    """Store a received file under `key`. It then belongs to the storage, no more to the request.

    On the same file system nothing is copied. Raises FileExistsError when the key is taken, and
    StoringFailed.
    """
    keep_file(received.path, storage, key, content_type=content_type)
    received.release()


def keep_file(path: Path, storage: Storage, key: str, *, content_type: str) -> None:
    """Move any file of ours into the storage: afterwards there is none at `path`."""
    if isinstance(storage, FileSystemStorage):
        _keep_locally(path, storage, key)
    elif isinstance(storage, S3Storage):
        _keep_in_s3(path, storage, key, content_type)
    else:
        raise TypeError(f"media can not be kept in a {type(storage).__name__}")
    path.unlink(missing_ok=True)


def _keep_locally(path: Path, storage: FileSystemStorage, key: str) -> None:
    target = Path(storage.path(key))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _finish(path, storage)
        try:
            _give_name(path, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            near = target.with_name(f".{uuid.uuid4().hex}.part")
            try:
                shutil.copyfile(path, near)
                _finish(near, storage)
                _give_name(near, target)
            finally:
                near.unlink(missing_ok=True)
        _write_out(target.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise StoringFailed(str(error)) from error


def _finish(path: Path, storage: FileSystemStorage) -> None:
    if storage.file_permissions_mode is not None:
        path.chmod(storage.file_permissions_mode)
    _write_out(path)


def _write_out(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _give_name(path: Path, target: Path) -> None:
    """Let the same bytes have the name `target`, never in place of another file."""
    try:
        os.link(path, target)
    except OSError as error:
        if error.errno not in NO_LINKS_HERE:
            raise
        if target.exists():
            raise FileExistsError(str(target)) from error
        path.rename(target)


def _keep_in_s3(path: Path, storage: S3Storage, key: str, content_type: str) -> None:
    name = s3_name(storage, key)
    parameters = storage.get_object_parameters(name) | {"ContentType": content_type}
    if storage.default_acl:
        parameters.setdefault("ACL", storage.default_acl)
    try:
        if storage.exists(key):
            raise FileExistsError(key)
        storage.connection.meta.client.upload_file(
            str(path), storage.bucket_name, name, ExtraArgs=parameters, Config=UPLOAD
        )
    except (S3UploadFailedError, BotoCoreError, ClientError) as error:
        raise StoringFailed(str(error)) from error
