"""The check of an uploaded file: what is it, and would any platform take it?

It runs beside publishing, never in front of it: whoever drains the queue claims a medium with
`Media.claim_check` and calls `check`. A medium that passes is ready; one that does not is
rejected with its reasons, and its bytes are gone.

A video stays as it came. In place of a photo the JPEG is kept that platforms get; what was
uploaded, with the place and the time that cameras write into it, is not.
"""

import hashlib
import logging
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, Storage, default_storage

from posts.media.facts import Facts, PhotoFacts
from posts.media.probe import ProbeBroken, examine
from posts.media.receiving import incoming_folder, remove
from posts.media.sources import SourceBroken, SourceGone, source_for
from posts.media.storing import StoringFailed, keep_file
from posts.media.unreadable import Unreadable
from posts.models import Media
from posts.platforms import media_problems

log = logging.getLogger(__name__)

MOST_TRIES = 3
LOOK_AGAIN = 0.1  # seconds

GONE = {
    "code": "file_gone",
    "message": "The file is not in our store any more. Please upload it again.",
}
NOT_CHECKED = {
    "code": "could_not_be_checked",
    "message": "This file could not be checked, although we tried several times. "
    "Please export it again, a video as MP4 with H.264 or a photo as JPEG, and upload that.",
}


def check(medium: Media) -> None:
    """Look at one claimed medium and settle it, or leave it to the next claim.

    A store or a probe in trouble is no verdict on the file: it waits until its claim has ended,
    and after MOST_TRIES tries, counted before each, it is rejected.
    """
    if medium.check_tries > MOST_TRIES:
        _reject(medium, [NOT_CHECKED])
        return
    poster, photo = (incoming_folder() / f"{uuid.uuid4().hex}.jpg" for _ in range(2))
    try:
        poster.parent.mkdir(parents=True, exist_ok=True)
        with _local_copy(default_storage, medium.storage_key) as path:
            facts = examine(path, poster_path=poster, photo_path=photo)
            digest = medium.sha256 or _digest(path)  # parts that went past us told nobody
        if problems := media_problems(facts):
            _reject(medium, [asdict(problem) for problem in problems], **_figures(facts))
        else:
            _accept(medium, facts, poster, photo, digest=digest)
    except Unreadable as error:
        _reject(medium, [{"code": error.code, "message": error.for_people}])
    except SourceGone:
        _reject(medium, [GONE])
    except (ProbeBroken, SourceBroken, StoringFailed, OSError) as error:
        log.warning("medium %s was not checked, try %s: %s", medium.pk, medium.check_tries, error)
    finally:
        with suppress(NotADirectoryError):
            remove(poster, photo)


def wait_for_checks(media: Iterable[Media], *, seconds: float) -> list[Media]:
    """The same media once a worker has looked at them, or as they are when that takes longer."""
    keys = [medium.pk for medium in media]
    ends = time.monotonic() + seconds
    while True:
        found = {medium.pk: medium for medium in Media.objects.filter(pk__in=keys)}
        if all(medium.is_settled for medium in found.values()) or time.monotonic() > ends:
            return [found[key] for key in keys if key in found]
        time.sleep(LOOK_AGAIN)


def poster_key(medium: Media) -> str:
    return f"media/{medium.pk}.jpg"


def photo_key(medium: Media) -> str:
    return f"media/{medium.pk}-photo.jpg"


def _accept(medium: Media, facts: Facts, poster: Path, photo: Path, *, digest: str) -> None:
    made = {poster_key(medium): poster}
    figures = _figures(facts) | {"sha256": digest}
    if isinstance(facts, PhotoFacts):
        made[photo_key(medium)] = photo
        figures |= {"storage_key": photo_key(medium), "size": facts.size, "sha256": _digest(photo)}
    for key, path in made.items():
        # An earlier try may have died between here and the verdict.
        default_storage.delete(key)
        keep_file(path, default_storage, key, content_type="image/jpeg")
    if isinstance(facts, PhotoFacts):
        # Before the verdict: if we die in between, the photo is asked for again, and nothing of
        # what its camera wrote stays behind.
        default_storage.delete(medium.storage_key)
    if not medium.accept(poster_key=poster_key(medium), **figures):  # deleted meanwhile
        for key in made:
            default_storage.delete(key)


def _reject(medium: Media, problems: list[dict[str, str]], **figures: Any) -> None:
    """The bytes go first: if we die in between, the next try finds them gone and says so."""
    for key in filter(None, (medium.storage_key, poster_key(medium), photo_key(medium))):
        default_storage.delete(key)
    medium.reject(problems, **(figures | {"storage_key": "", "poster_key": ""}))


def _figures(facts: Facts) -> dict[str, Any]:
    seen = {
        "kind": facts.kind,
        "content_type": facts.mime_type,
        "width": facts.width,
        "height": facts.height,
    }
    if isinstance(facts, PhotoFacts):
        return seen
    return seen | {
        "container": facts.container[:20],
        "video_codec": facts.video_codec[:20],
        "audio_codec": (facts.audio_codec or "")[:20],
        "duration": facts.duration,
        "frame_rate": facts.frame_rate,
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _local_copy(storage: Storage, key: str) -> Iterator[Path]:
    """A path at which the stored file can be opened; from an S3 store a copy, for a while."""
    if isinstance(storage, FileSystemStorage):
        path = Path(storage.path(key))
        if not path.is_file():
            raise SourceGone(str(path))
        yield path
        return
    source = source_for(storage, key)
    copy = incoming_folder() / f"{uuid.uuid4().hex}.upload"
    try:
        with copy.open("xb") as file:
            if source.size:
                for block in source.blocks(0, source.size - 1):
                    file.write(block)
        yield copy
    finally:
        remove(copy)
