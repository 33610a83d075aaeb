"""Sends the bytes of a video to the address that an init returned (Protocol 8).

The engine asks TikTok's status, lets `upload` send from there, and asks again after whatever ended
it. An upload never begins a post and never asks for its state; it only says what it knows.
"""

import logging
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum

import requests
import urllib3

from tiktok.bodies import BLOCK_BYTES, BodyCut, BodyReader, Guard, Source, hash_before
from tiktok.chunks import ChunkPlan, plan
from tiktok.errors import TikTokError
from tiktok.hashing import Hasher, HasherBeside
from tiktok.limits import VIDEO_CONTENT_TYPES
from tiktok.transport import USER_AGENT, NoAuth, retry_after, unreachable
from tiktok.upload_errors import (
    Interrupted,
    LastAnswerLost,
    SourceChanged,
    UploadExpired,
    UploadRefused,
)
from tiktok.upload_transport import check_upload_url, upload_session

__all__ = [
    "BodyReader",
    "ChunkPlan",
    "Guard",
    "Outcome",
    "Source",
    "check_upload_url",
    "plan",
    "upload",
]

log = logging.getLogger("tiktok.uploads")

_TIMEOUT = (10.0, 30.0)  # seconds to connect, seconds to wait for an answer
_PAUSES = (1.0, 3.0, 9.0)  # seconds before the same chunk is sent again
_LOOK_UP = 0.25  # seconds between two looks at the guard in a pause
_LARGE = 8 * BLOCK_BYTES  # from here on it pays to hash in a thread of its own
_MAX_RESYNCS = 3  # an upload and a TikTok that never agree must not go on for ever
_TRY_AGAIN = {408, 429, *range(500, 600)}
_CONTENT_RANGE = re.compile(r"bytes\s+\d{1,19}-(\d{1,19})/(\d{1,19}|\*)", re.IGNORECASE)


class Outcome(Enum):
    COMPLETE = "complete"  # 201: TikTok has everything and works on it
    TO_CONFIRM = "to_confirm"  # TikTok seems to have everything: the status must say so


def upload(
    chunks: ChunkPlan,
    source: Source,
    *,
    url: str,
    api_url: str,
    content_type: str,
    expected_sha256: str,
    guard: Guard,
    confirmed: Callable[[int], None],
    start: int = 0,
    pauses: Sequence[float] = _PAUSES,
    timeout: tuple[float, float] = _TIMEOUT,
) -> Outcome:
    """Send the chunks of `source` from number `start` on, in order, and say how it ended.

    `chunks` is the plan that was announced, `start` what its `next_chunk_after` says, `url` the
    init's upload_url, checked against `api_url`; `content_type` one of VIDEO_CONTENT_TYPES;
    `expected_sha256` the approved file's, in hex. `confirmed` is called with the number of bytes
    that TikTok has, whenever it says so. `pauses`: seconds before the same chunk is sent again
    to a TikTok in trouble.

    Raises Interrupted (ask the status, then go on), LastAnswerLost (ask the status, never begin
    anew), UploadExpired, UploadRefused, SourceChanged, SourceUnreadable, AddressNotTrusted. What
    `guard`, `source` and `confirmed` raise comes out as it is; the body is then cut off, so that
    TikTok never takes a part of a chunk for a chunk. After the last block of the file has left,
    not another byte is sent, whatever TikTok answers.
    """
    check_upload_url(url, api_url=api_url)
    if content_type not in VIDEO_CONTENT_TYPES.values():
        raise ValueError(f"TikTok takes no {content_type}")
    if source.size != chunks.size:
        raise SourceChanged(f"{source.size} bytes in place of {chunks.size}")
    with upload_session(url) as session, ThreadPoolExecutor(1, "hashing") as beside:
        return _Upload(
            chunks=chunks,
            source=source,
            url=url,
            content_type=content_type,
            expected_sha256=expected_sha256,
            guard=guard,
            confirmed=confirmed,
            pauses=pauses,
            timeout=timeout,
            session=session,
            beside=beside,
        ).send(start)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    uploaded: int | None  # as in Content-Range: a count or a last index
    body: BodyReader
    retry_after: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Upload:
    chunks: ChunkPlan
    source: Source
    url: str = field(repr=False)
    content_type: str
    expected_sha256: str
    guard: Guard
    confirmed: Callable[[int], None]
    pauses: Sequence[float]
    timeout: tuple[float, float]
    session: requests.Session
    beside: Executor  # starts its thread only when it is given something

    def send(self, index: int) -> Outcome:
        hasher = self._hash_before(index)
        resyncs = 0
        while index < self.chunks.count:
            answer = self._put_patiently(index, hasher)
            following = self._next_chunk(index, answer)
            self.confirmed(self.chunks.first(following))
            if answer.status == 201 and answer.body.last_block_left:
                return Outcome.COMPLETE
            if following == index + 1:
                hasher = answer.body.hasher
            elif following < self.chunks.count:
                resyncs += 1
                if resyncs > _MAX_RESYNCS:
                    raise Interrupted(
                        "TikTok asks for one chunk after the other, out of order",
                        confirmed=self.chunks.first(following),
                        http_status=answer.status,
                    )
                hasher = self._hash_before(following)
            index = following
        return Outcome.TO_CONFIRM

    def _hash_before(self, index: int) -> Hasher:
        hasher = hash_before(self.chunks.first(index), self.source, self.guard)
        is_large = self.source.size > _LARGE
        return HasherBeside(hasher, self.beside) if is_large else hasher

    def _next_chunk(self, index: int, answer: _Answer) -> int:
        """Which chunk TikTok wants after this answer to chunk `index` (8.4)."""
        status, left = answer.status, answer.body.last_block_left
        if status in {403, 404}:
            raise UploadExpired(http_status=status, last_block_sent=left)
        if status == 201:
            return self.chunks.count
        following = None
        if answer.uploaded is not None and (status == 416 or status < 300):
            following = self.chunks.next_chunk_after(answer.uploaded)
        elif status < 300:
            following = index + 1
        elif status != 416 and (status >= 400 or not left):
            raise UploadRefused(http_status=status, last_block_sent=left)
        if left and following != self.chunks.count:
            raise LastAnswerLost(http_status=status)
        if following is None:
            raise Interrupted(
                "TikTok is at another chunk and does not say at which",
                confirmed=self.chunks.first(index),
                http_status=status,
            )
        return following

    def _put_patiently(self, index: int, hasher: Hasher) -> _Answer:
        """Send chunk `index`, and again while TikTok has trouble and all can be repeated."""
        for pause in (*self.pauses, None):
            answer = self._put(index, hasher.copy())
            if answer.status not in _TRY_AGAIN:
                break
            if answer.body.last_block_left or pause is None:
                raise self._lost(
                    index, answer.body, http_status=answer.status, wait=answer.retry_after
                )
            self._wait(pause)
        return answer

    def _put(self, index: int, hasher: Hasher) -> _Answer:
        self.guard.before_block()  # who may send no block begins no request either
        body = BodyReader(
            self.source,
            first=self.chunks.first(index),
            last=self.chunks.last(index),
            guard=self.guard,
            expected_sha256=self.expected_sha256,
            hasher=hasher,
        )
        why = ""
        try:
            with self.session.put(
                self.url,
                data=body,
                headers={
                    "User-Agent": USER_AGENT,
                    "Content-Type": self.content_type,
                    "Content-Range": self.chunks.content_range(index),
                },
                auth=NoAuth(),  # the address carries its own token; ours must not go there
                timeout=self.timeout,
                allow_redirects=False,
                stream=True,  # the status counts even when the rest of the answer is lost
            ) as response:
                answer = self._read(response, body)
            if answer.status >= 300 or body.is_exhausted:
                return answer
            why = "accepted before everything had left"
        except requests.RequestException as error:
            why = unreachable(error).message  # the exception itself names the secret address
        except BodyCut:
            pass  # the reader knows why
        finally:
            body.close()
        if body.failure is not None:
            raise body.failure
        raise self._lost(index, body, why)

    def _lost(
        self,
        index: int,
        body: BodyReader,
        why: str = "",
        *,
        http_status: int | None = None,
        wait: float | None = None,
    ) -> TikTokError:
        """No clear answer to chunk `index`: what that means depends on the very last block."""
        log.warning(
            "chunk %d of %d: %s", index + 1, self.chunks.count, why or f"HTTP {http_status}"
        )
        if body.last_block_left:
            return LastAnswerLost(why, http_status=http_status, retry_after=wait)
        return Interrupted(
            why, confirmed=self.chunks.first(index), http_status=http_status, retry_after=wait
        )

    def _read(self, response: requests.Response, body: BodyReader) -> _Answer:
        text = _text_of(response)
        if response.status_code not in {201, 206}:
            asked = response.request.headers["Content-Range"]
            log.warning("HTTP %d to %s: %r", response.status_code, asked, text[:200])
        said = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
        fits = said is not None and said[2] in {"*", str(self.chunks.size)}
        return _Answer(
            status=response.status_code,
            uploaded=int(said[1]) if said is not None and fits else None,
            body=body,
            retry_after=retry_after(response),
        )

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.guard.before_block()
            time.sleep(min(left, _LOOK_UP))


def _text_of(response: requests.Response) -> bytes:
    """The body, whose form is not documented (8.4). Read to its end, it frees the connection."""
    try:
        return response.raw.read(4096) or b""
    except (urllib3.exceptions.HTTPError, OSError):
        return b""
