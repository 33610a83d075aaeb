"""Which address is answered by whom."""

import re
from collections.abc import Callable

from tiktok.sandbox import (
    consent,
    display,
    files,
    oauth,
    page_forms,
    pages,
    photo_posts,
    posting,
    webhook_pages,
)
from tiktok.sandbox.api import Endpoint
from tiktok.sandbox.messages import Request, Response

Handler = Callable[..., Response]  # (world, request, *parts of the path)

PUBLISH = ("video.publish",)
UPLOAD = ("video.upload",)
EITHER = ("video.upload", "video.publish")
ANY_USER_INFO = ("user.info.basic", "user.info.profile", "user.info.stats")
LIST = ("video.list",)

# Protocol 1. The inits share one bucket: nobody says that each has its own (Protocol 16, 9).
ENDPOINTS = (
    Endpoint(
        "creator_info",
        "POST",
        "/v2/post/publish/creator_info/query/",
        posting.creator_info,
        PUBLISH,
        "creator_info",
        lambda settings: settings.creator_info_per_window,
        body="optional",
    ),
    Endpoint(
        "video_init",
        "POST",
        "/v2/post/publish/video/init/",
        posting.init_direct,
        PUBLISH,
        "init",
        lambda settings: settings.init_per_window,
    ),
    Endpoint(
        "inbox_init",
        "POST",
        "/v2/post/publish/inbox/video/init/",
        posting.init_inbox,
        UPLOAD,
        "init",
        lambda settings: settings.init_per_window,
    ),
    Endpoint(
        "content_init",
        "POST",
        "/v2/post/publish/content/init/",
        photo_posts.init,
        EITHER,
        "init",
        lambda settings: settings.init_per_window,
    ),
    Endpoint(
        "status",
        "POST",
        "/v2/post/publish/status/fetch/",
        posting.status_fetch,
        EITHER,
        "status",
        lambda settings: settings.status_per_window,
    ),
    Endpoint(
        "cancel",
        "POST",
        "/v2/post/publish/cancel/",
        posting.cancel,
        EITHER,
        "cancel",
        lambda settings: settings.cancel_per_window,
    ),
    Endpoint(
        "user_info",
        "GET",
        "/v2/user/info/",
        display.user_info,
        ANY_USER_INFO,
        "user_info",
        lambda settings: settings.display_per_window,
        body="none",
        invalid_code="invalid_params",
    ),
    Endpoint(
        "video_list",
        "POST",
        "/v2/video/list/",
        display.video_list,
        LIST,
        "video_list",
        lambda settings: settings.display_per_window,
        body="optional",
        invalid_code="invalid_params",
    ),
    Endpoint(
        "video_query",
        "POST",
        "/v2/video/query/",
        display.video_query,
        LIST,
        "video_query",
        lambda settings: settings.display_per_window,
        invalid_code="invalid_params",
    ),
)
API: dict[str, Endpoint] = {endpoint.path: endpoint for endpoint in ENDPOINTS}

OAUTH: dict[str, tuple[str, Handler]] = {
    "/v2/oauth/token/": ("oauth_token", oauth.token),
    "/v2/oauth/revoke/": ("oauth_revoke", oauth.revoke),
}

UPLOAD_PATH = "/video/"
AUTHORIZE_PATH = "/v2/auth/authorize/"

HANDLE = r"@([a-z0-9._]{2,24})"
PUBLISH_ID = r"([A-Za-z0-9~._-]{1,64})"
PAGES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/", pages.home),
    ("GET", "/webhooks", webhook_pages.webhooks_page),
    ("POST", "/webhooks", webhook_pages.register),
    ("POST", "/webhooks/([0-9]{1,12})/again", webhook_pages.again),
    ("GET", r"/style\.css", pages.style),
    ("GET", r"/icon\.svg", pages.icon),
    ("GET", AUTHORIZE_PATH, consent.ask),
    ("POST", AUTHORIZE_PATH, consent.decide),
    ("POST", "/creators", page_forms.make_creator),
    ("GET", f"/{HANDLE}", pages.profile),
    ("POST", f"/{HANDLE}/account", page_forms.change_account),
    ("POST", f"/{HANDLE}/remove-access", page_forms.remove_access),
    ("POST", f"/{HANDLE}/drafts/{PUBLISH_ID}/post", page_forms.post_draft),
    ("POST", f"/{HANDLE}/drafts/{PUBLISH_ID}/drop", page_forms.drop_draft),
    ("GET", f"/{HANDLE}/(?:video|photo)/([1-9][0-9]{{0,18}})", pages.watch),
    ("GET", f"/media/{PUBLISH_ID}", files.video),
    ("GET", f"/media/{PUBLISH_ID}/([0-9]{{1,2}})", files.photo),
    ("GET", r"/avatars/([a-z0-9._]{2,24})\.png", files.avatar),
    ("GET", r"/covers/([1-9][0-9]{0,18})\.png", files.cover),
)


def page_for(request: Request) -> tuple[Handler, tuple[str, ...]] | None:
    """Return who answers for a page, and the parts of its path; None: nobody."""
    method = "GET" if request.method == "HEAD" else request.method
    for known_method, pattern, handler in PAGES:
        match = re.fullmatch(pattern, request.path)
        if match and known_method == method:
            return handler, match.groups()
    return None
