"""Why a file is refused before anybody looks at its figures.

Unreadable
├── EmptyFile
├── NotMedia           text, an archive, a sound file, ...
├── WrongContainer     a video, but in a container that we do not open: AVI, Windows Media, ...
├── Truncated          the upload, the download or the recording was cut short
├── NoPicture          only sound
├── NotPlayable        the picture of a video can not be decoded
├── PhotoNotSupported  a picture, but of a kind that we do not open: GIF, TIFF, a raw one, ...
├── PhotoMoves         an animated picture
├── PhotoTruncated
├── PhotoDamaged
├── PhotoTooLarge      so many pixels, or bytes, that nobody has taken it with a camera
├── PhotoTooInvolved   a JPEG that is to be gone over hundreds of times
├── CrashedOnIt        a decoder did not survive it
├── TookTooLong
└── TooMuchMemory

Each has a `code` for programs and a sentence for people that says what to do.
"""

from typing import ClassVar

CHOOSE_VIDEO = "Please choose an MP4, MOV or WebM file."
CHOOSE = "Please choose an MP4, MOV or WebM video, or JPEG, PNG, WebP or HEIC photos."
EXPORT = "Please export it again as MP4 with H.264."
SAVE = "Please save it as JPEG, and upload that."


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
    sentence = "This file is empty. Please choose it again."


class NotMedia(Unreadable):
    code = "not_media"
    sentence = "This file is neither a video nor a photo. " + CHOOSE
    sentence_if_known = "This file is neither a video nor a photo but {found}. " + CHOOSE


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
    sentence = "This file has sound but no picture. " + CHOOSE_VIDEO


class NotPlayable(Unreadable):
    code = "not_playable"
    sentence = (
        "The picture of this video can not be decoded: the file is damaged or in an unusual "
        "format. " + EXPORT
    )


class PhotoNotSupported(Unreadable):
    code = "photo_not_supported"
    sentence = "This kind of picture is not supported. " + SAVE
    sentence_if_known = "This is {found}, which is not supported. " + SAVE


class PhotoMoves(Unreadable):
    code = "photo_moves"
    sentence = "This picture is animated. Please choose a still photo, or export it as MP4 video."


class PhotoTruncated(Unreadable):
    code = "photo_truncated"
    sentence = (
        "This photo is incomplete: its end is missing. "
        "Please copy or export the file again, then upload it once more."
    )


class PhotoDamaged(Unreadable):
    code = "photo_damaged"
    sentence = "This photo can not be decoded: the file is damaged or in an unusual format. " + SAVE


class PhotoTooLarge(Unreadable):
    code = "photo_too_large"
    sentence = "This photo is too large. Please save it smaller, and upload that."
    sentence_if_known = "This photo has {found}. Please save it smaller, and upload that."


class PhotoTooInvolved(Unreadable):
    code = "photo_too_involved"
    sentence = "This photo is stored in far too many steps. " + SAVE
    sentence_if_known = (
        "This photo is stored in {found}, so that showing it would take far too long. " + SAVE
    )


AGAIN = "Please export it again: a video as MP4 with H.264, a photo as JPEG."


class CrashedOnIt(Unreadable):
    code = "crashed"
    sentence = "This file can not be decoded: it is damaged or in an unusual format. " + AGAIN


class TookTooLong(Unreadable):
    code = "took_too_long"
    sentence = (
        "Checking this file took too long, so it was stopped: the file is probably damaged. "
        + AGAIN
    )


class TooMuchMemory(Unreadable):
    code = "too_much_memory"
    sentence = (
        "Checking this file needs too much memory: it is damaged or its picture is huge. " + AGAIN
    )


UNREADABLE_BY_CODE: dict[str, type[Unreadable]] = {
    kind.code: kind
    for kind in (
        EmptyFile,
        NotMedia,
        WrongContainer,
        Truncated,
        NoPicture,
        NotPlayable,
        PhotoNotSupported,
        PhotoMoves,
        PhotoTruncated,
        PhotoDamaged,
        PhotoTooLarge,
        PhotoTooInvolved,
        CrashedOnIt,
        TookTooLong,
        TooMuchMemory,
    )
}
