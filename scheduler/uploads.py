"""Files that nobody asked for. A view that takes one says so (posts/media/receiving.py)."""

from typing import NoReturn

from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class NoFiles(FileUploadHandler):
    """Stops reading where a file begins.

    Django reads a form before anybody has logged in, for its check against cross-site requests,
    and would write its files to the disk, of whatever size, on any address that takes a POST.
    """

    def new_file(self, *args: object, **kwargs: object) -> NoReturn:
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never called: no file begins."""

    def file_complete(self, file_size: int) -> None:
        """Never called: no file ends."""
