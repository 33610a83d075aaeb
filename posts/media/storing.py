"""Put a file where media are kept: in a folder of this machine or in an S3 store."""

import errno
import os
import shutil
import uuid
from pathlib import Path

from django.core.files.storage import FileSystemStorage, Storage

from posts.media.receiving import ReceivedFile

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
    else:
        # Imported where there is such a store: it costs each process 10 MB.
        from posts.media import s3  # noqa: PLC0415

        s3.keep(path, storage, key, content_type)
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
