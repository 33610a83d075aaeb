"""TikTok's API, version 2, for one creator. Knows HTTP; knows no Django.

Source: https://developers.tiktok.com/doc/content-posting-api-reference-direct-post and the pages
beside it; Protocol 1, 3 to 7, 8.7, 10, 12.1, 12.2.
"""

import json
import logging
from collections.abc import Collection, Sequence
from typing import Any, Protocol

import requests

from tiktok.answers import (
    FIELDS_BY_SCOPE,
    CreatorInfo,
    PostStatus,
    PullStarted,
    UploadTarget,
    UserInfo,
    VideoPage,
)
from tiktok.chunks import ChunkPlan
from tiktok.error_codes import error_for, error_without_code
from tiktok.errors import MissingScope, RateLimited, ServerFault, TikTokError
from tiktok.payloads import PhotoWords, PostInfo, direct_video, inbox_video, photos
from tiktok.transport import (
    TIMEOUT,
    Answer,
    Bearer,
    Caller,
    identifier,
    log_id_in,
    read_object,
    retry_after,
    text,
    unreadable,
)

log = logging.getLogger("tiktok.client")

CREATOR_INFO = "/v2/post/publish/creator_info/query/"
DIRECT_INIT = "/v2/post/publish/video/init/"
INBOX_INIT = "/v2/post/publish/inbox/video/init/"
CONTENT_INIT = "/v2/post/publish/content/init/"
CANCEL = "/v2/post/publish/cancel/"
STATUS = "/v2/post/publish/status/fetch/"
USER_INFO = "/v2/user/info/"
VIDEO_LIST = "/v2/video/list/"
VIDEO_FIELDS = ("id", "create_time", "share_url", "video_description", "title")
VIDEOS_A_PAGE = 20  # TikTok's most

LONGEST_ADDRESS = 4_000  # characters; TikTok names 256, which nobody should rely on (5.3)


class Turnstile(Protocol):
    """Whoever counts the calls of one creator."""

    def enter(self, path: str) -> None:
        """Called before each call. Raises RateLimited when it may not be made now."""
        ...

    def refused(self, path: str, error: RateLimited) -> None:
        """TikTok says that it was one too many."""
        ...


class TikTokClient(Caller):
    """One creator's access token and one session. Every method makes one call.

    Raises errors.TikTokError, and nothing else, for whatever TikTok and the network may do.
    `timeout`: seconds to connect, and seconds for the whole answer.
    """

    def __init__(
        self,
        access_token: str,
        *,
        base_url: str,
        session: requests.Session | None = None,
        timeout: tuple[float, float] = TIMEOUT,
        turnstile: Turnstile | None = None,
    ) -> None:
        super().__init__(
            base_url=base_url, auth=Bearer(access_token), log=log, session=session, timeout=timeout
        )
        self._turnstile = turnstile

    def creator_info(self) -> CreatorInfo:
        """What the creator may do now. Scope `video.publish`; 20 times a minute (Protocol 4).

        Besides the usual errors: CreatorCapReached, AppCapReached and Banned mean that nothing
        can be posted now.
        """
        data, log_id = self._request("POST", CREATOR_INFO)
        if not isinstance(data.get("privacy_level_options"), list):
            raise self._lacking("privacy_level_options", CREATOR_INFO, log_id)
        return CreatorInfo.from_data(data, log_id)

    def start_video(self, post: PostInfo, chunks: ChunkPlan) -> UploadTarget:
        """Announce a direct post. Nothing can appear before the last byte (Protocol 5.6).

        Scope `video.publish`; 6 inits a minute. An error whose `outcome_known` is False leaves
        open whether TikTok has begun a post, which without bytes ends as nothing.
        """
        return self._start(DIRECT_INIT, direct_video(post, chunks))

    def start_inbox_video(self, chunks: ChunkPlan) -> UploadTarget:
        """Announce a draft for the creator's inbox. Scope `video.upload` (Protocol 6)."""
        return self._start(INBOX_INIT, inbox_video(chunks))

    def start_pulled_video(self, post: PostInfo, address: str) -> PullStarted:
        """Announce a direct post of a video that TikTok fetches from `address`.

        From here on it may appear by itself, also when no answer comes: an error whose
        `outcome_known` is False leaves that open (Protocol 5.6, 8.7). So for all three pulls.
        """
        return self._start_pull(DIRECT_INIT, direct_video(post, address))

    def start_pulled_inbox_video(self, address: str) -> PullStarted:
        """Announce a draft of a video that TikTok fetches. Scope `video.upload` (Protocol 6)."""
        return self._start_pull(INBOX_INIT, inbox_video(address))

    def start_photos(
        self, post: PhotoWords, addresses: Sequence[str], *, cover: int
    ) -> PullStarted:
        """Announce a post of photos, or with mere PhotoWords a draft of one (Protocol 7).

        Scope `video.publish`, or `video.upload` for the draft; counted with the other inits.
        """
        return self._start_pull(CONTENT_INIT, photos(post, addresses, cover=cover))

    def cancel(self, publish_id: str) -> None:
        """Ask TikTok to stop fetching. At best it then ends as FAILED (Protocol 8.7).

        NotCancellable when it is too late. Described for pulls only.
        """
        self._request("POST", CANCEL, body={"publish_id": publish_id})

    def post_status(self, publish_id: str) -> PostStatus:
        """What became of a post. 30 times a minute (Protocol 10).

        An error while asking never says anything about the post itself, except UnknownPublishId.
        """
        if not publish_id:
            raise ValueError("a publish_id is needed")
        data, log_id = self._request("POST", STATUS, body={"publish_id": publish_id})
        if not text(data.get("status")):
            raise self._lacking("status", STATUS, log_id)
        return PostStatus.from_data(data, log_id)

    def user_info(self, scopes: Collection[str]) -> UserInfo:
        """Who the creator is, as far as the granted `scopes` tell (Protocol 12.1).

        Asks only for the fields of these scopes, since one too many fails the call.
        """
        fields = [
            name for scope in FIELDS_BY_SCOPE if scope in scopes for name in FIELDS_BY_SCOPE[scope]
        ]
        if not fields:
            raise MissingScope("no scope of user.info was granted")
        data, log_id = self._request("GET", USER_INFO, params={"fields": ",".join(fields)})
        user = data.get("user")
        if not isinstance(user, dict):
            raise self._lacking("user", USER_INFO, log_id)
        return UserInfo.from_data(user, log_id)

    def list_videos(self, cursor: int | None = None) -> VideoPage:
        """A page of the creator's public posts, newest first (Protocol 12.2). Scope `video.list`.

        `cursor`, in milliseconds: only older ones; the page has that of the next. 600 a minute.
        """
        body: dict[str, int] = {"max_count": VIDEOS_A_PAGE}
        if cursor is not None:
            body["cursor"] = cursor
        params = {"fields": ",".join(VIDEO_FIELDS)}
        data, _ = self._request("POST", VIDEO_LIST, body=body, params=params)
        return VideoPage.from_data(data)

    def _start(self, path: str, body: dict[str, Any]) -> UploadTarget:
        data, log_id = self._request("POST", path, body=body)
        publish_id = identifier(data.get("publish_id"))
        upload_url = identifier(data.get("upload_url"), longest=LONGEST_ADDRESS)
        if not publish_id or not upload_url:
            raise self._lacking("publish_id or upload_url", path, log_id)
        return UploadTarget(publish_id, upload_url, log_id)

    def _start_pull(self, path: str, body: dict[str, Any]) -> PullStarted:
        data, log_id = self._request("POST", path, body=body)
        publish_id = identifier(data.get("publish_id"))
        if not publish_id:
            raise self._lacking("publish_id", path, log_id)
        return PullStarted(publish_id, log_id)

    def _request(
        self,
        method: str,
        path: str,
        *,
        body: dict[str, Any] | None = None,
        params: dict[str, str] | None = None,
    ) -> tuple[dict[str, Any], str]:
        """Every call passes through here: `data` and `log_id` of a success, or an error."""
        headers = {"Content-Type": "application/json; charset=UTF-8"} if method == "POST" else {}
        data = None if body is None else json.dumps(body).encode()
        if self._turnstile:
            self._turnstile.enter(path)
        answer = self._call(method, path, params=params, data=data, headers=headers)
        try:
            return _read_envelope(answer)
        except TikTokError as failure:
            self._failed(path, failure)
            if self._turnstile and isinstance(failure, RateLimited):
                self._turnstile.refused(path, failure)
            raise

    def _lacking(self, what: str, path: str, log_id: str) -> TikTokError:
        """The error for a success that can not be used: whether TikTok has acted is unknown."""
        fault = ServerFault(f"the answer says ok but lacks {what}", log_id=log_id)
        return self._failed(path, fault)


def _read_envelope(answer: Answer) -> tuple[dict[str, Any], str]:
    """Protocol 3: a success says `ok` in `error.code`; HTTP 200 alone is not enough."""
    envelope = read_object(answer)
    error = envelope.get("error") if envelope else None
    code = text(error.get("code")) if isinstance(error, dict) else ""
    if envelope is None or not isinstance(error, dict) or not code:
        raise unreadable(answer)
    log_id = log_id_in(error)
    if code == "ok" and not answer.ok:
        raise error_without_code(
            "the answer says ok, but not its status", http_status=answer.status_code
        )
    if code != "ok":
        raise error_for(
            code,
            http_status=answer.status_code,
            message=text(error.get("message")),
            log_id=log_id,
            retry_after=retry_after(answer),
        )
    data = envelope.get("data")
    return (data if isinstance(data, dict) else {}), log_id
