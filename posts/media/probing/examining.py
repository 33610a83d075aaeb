"""What kind of file is it? A video and a photo are opened by programs that know nothing else."""

from pathlib import Path

from posts.media.facts import Facts
from posts.media.signatures import HEAD_LENGTH, photo_formats
from posts.media.unreadable import EmptyFile


def examine(path: Path, *, poster_path: Path | None, photo_path: Path | None) -> Facts:
    """Return the facts, and write the poster and a photo's JPEG where a path is given.

    Raises Unreadable and MemoryError.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_LENGTH)
    if not head:
        raise EmptyFile
    # Only now, and only one of them: both are large.
    if formats := photo_formats(head):
        from posts.media.probing.photo import develop  # noqa: PLC0415

        return develop(path, formats, photo_path=photo_path, poster_path=poster_path)
    from posts.media.probing.video import examine_video  # noqa: PLC0415

    return examine_video(path, poster_path)
