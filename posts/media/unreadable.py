"""Why a file is refused before anybody looks at its figures.

Unreadable
├── EmptyFile
├── NotAVideo        text, a picture, an archive, a sound file, ...
├── WrongContainer   a video, but in a container that we do not open: AVI, Windows Media, ...
├── Truncated        the upload, the download or the recording was cut short
├── NoPicture        only sound
├── NotPlayable      the picture can not be decoded
├── TookTooLong
└── TooMuchMemory

Each has a `code` for programs and a sentence for people that says what to do.
"""

from typing import ClassVar

CHOOSE = "Please choose an MP4, MOV or WebM file."
EXPORT = "Please export it again as MP4 with H.264."


class Unreadable(Exception):
    """The file can not be used. `found` says what it seems to be, with its article."""

    code: ClassVar[str] = "unreadable"
    sentence: ClassVar[str] = "This file can not be read. " + CHOOSE
    sentence_if_known: ClassVar[str] = ""

    def __init__(self, found: str = "") -> None:
        self.found = found
        self.for_people = (
            self.sentence_if_known.format(found=found)
            if found and self.sentence_if_known
            else self.sentence
        )
        super().__init__(self.for_people)


class EmptyFile(Unreadable):
    code = "empty"
    sentence = "This file is empty. Please choose the video again."


class NotAVideo(Unreadable):
    code = "not_a_video"
    sentence = "This file is not a video. " + CHOOSE
    sentence_if_known = "This file is not a video but {found}. " + CHOOSE


class WrongContainer(Unreadable):
    code = "wrong_container"
    sentence = "This kind of video file is not supported. " + EXPORT
    sentence_if_known = "This is {found}, which is not supported. " + EXPORT


class Truncated(Unreadable):
    code = "truncated"
    sentence = (
        "This video is incomplete: its end is missing. "
        "Please copy or export the file again, then upload it once more."
    )


class NoPicture(Unreadable):
    code = "no_picture"
    sentence = "This file has sound but no picture. " + CHOOSE


class NotPlayable(Unreadable):
    code = "not_playable"
    sentence = (
        "The picture of this video can not be decoded: the file is damaged or in an unusual "
        "format. " + EXPORT
    )


class TookTooLong(Unreadable):
    code = "took_too_long"
    sentence = (
        "Checking this video took too long, so it was stopped: the file is probably damaged. "
        + EXPORT
    )


class TooMuchMemory(Unreadable):
    code = "too_much_memory"
    sentence = (
        "Checking this video needs too much memory: the file is damaged or its picture is huge. "
        + EXPORT
    )


UNREADABLE_BY_CODE: dict[str, type[Unreadable]] = {
    kind.code: kind
    for kind in (
        EmptyFile,
        NotAVideo,
        WrongContainer,
        Truncated,
        NoPicture,
        NotPlayable,
        TookTooLong,
        TooMuchMemory,
    )
}
