"""The pages that people see: the list of creators, a profile, a video."""

import re
import sqlite3

from tiktok.sandbox import caps, creators, publications, videos
from tiktok.sandbox.cards import (
    coming_card,
    creator_card,
    draft_card,
    live_of,
    media_of,
    option,
    private_tag,
    tags_of,
    title_of,
    video_card,
    with_tags,
)
from tiktok.sandbox.creators import DURATIONS, BadCreator
from tiktok.sandbox.markup import Html, asset, escape, join, moment, page, render, size, when
from tiktok.sandbox.messages import Request, Response
from tiktok.sandbox.world import World

PER_PAGE = 12
ACCOUNT_FLAGS = ("private", "comment_disabled", "duet_disabled", "stitch_disabled", "banned")

# What a form has just done, said on the page that it leads back to.
DONE = {
    "created": "The creator is here.",
    "account": "The account is changed.",
    "removed": "The app has no access any more.",
    "posted": "The draft is posted.",
    "dropped": "The draft is gone.",
}


def style(world: World, request: Request) -> Response:
    return Response(200, asset("style.css"), "text/css; charset=utf-8", _cached())


def icon(world: World, request: Request) -> Response:
    return Response(200, asset("icon.svg"), "image/svg+xml", _cached())


def _cached() -> dict[str, str]:
    return {"Cache-Control": "max-age=60", "Content-Security-Policy": "default-src 'none'"}


def missing(world: World, request: Request) -> Response:
    return page("Not found", render("missing.html"), status=404)


def home(world: World, request: Request, error: BadCreator | None = None) -> Response:
    now = world.now()
    with world.state.reading() as db:
        cards = [creator_card(db, creator, now) for creator in creators.everyone(db)]
    main = render(
        "home.html",
        creators=join(cards) if cards else render("_no_creators.html"),
        error=render("_error.html", text=error) if error else Html(""),
    )
    return page("Sandbox", main, status=400 if error else 200, notice=_notice(request))


def _notice(request: Request) -> str:
    return DONE.get(request.argument("done") or "", "")


def profile(
    world: World, request: Request, handle: str, *, error: str = "", status: int = 200
) -> Response:
    """A creator's own view of everything: also what nobody else may see."""
    now = world.now()
    number = request.argument("page") or "1"
    skip = (int(number) - 1) * PER_PAGE if re.fullmatch("[1-9][0-9]{0,5}", number) else 0
    with world.state.reading() as db:
        creator = creators.find(db, handle)
        if creator is None:
            return missing(world, request)
        drafts = publications.drafts_of(db, creator["id"], now)
        coming = publications.on_their_way(db, creator["id"], now)
        shown = videos.on_profile(db, creator["id"], now, most=PER_PAGE, skip=skip)
        total = videos.count(db, creator["id"], now)
        live = live_of(db, creator["id"], now)
        used = caps.direct_posts(db, creator["id"], world.settings, now)
        apps = db.execute(
            "SELECT * FROM grants WHERE creator_id = ? AND removed_at IS NULL", [creator["id"]]
        ).fetchall()
        options = creators.privacy_options(creator)
        video_cards = [video_card(db, video) for video in shown]
        draft_cards = [draft_card(db, draft, options, now) for draft in drafts]
    main = render(
        "profile.html",
        handle=handle,
        display_name=creator["display_name"],
        private=private_tag(creator),
        counts=f"{live} · "
        f"{used} of {world.settings.direct_post_cap} posts through apps in the last 24 hours",
        error=render("_error.html", text=error) if error else Html(""),
        drafts=_section("Inbox", draft_cards, "Drafts that an app has sent."),
        coming=_section("On the way", [coming_card(row) for row in coming], "Reload to see more."),
        videos=join(video_cards) or render("_no_videos.html"),
        pager=_pager(handle, skip // PER_PAGE + 1, total),
        account=_account_form(creator),
        apps=join([_app(world, handle, row) for row in apps]) or render("_no_apps.html"),
    )
    return page(f"@{handle}", main, status=status, notice=_notice(request))


def _section(title: str, cards: list[Html], text: str) -> Html:
    if not cards:
        return Html("")
    return render("_section.html", title=title, text=text, cards=join(cards))


def _pager(handle: str, number: int, total: int) -> Html:
    last = max(1, -(-total // PER_PAGE))
    if last == 1:
        return Html("")
    links = [
        Html(f'<a href="/@{escape(handle)}?page={target}" rel="{rel}">{label}</a>')
        for target, rel, label in ((number - 1, "prev", "Newer"), (number + 1, "next", "Older"))
        if 1 <= target <= last
    ]
    return render("_pager.html", links=join(links), number=number, last=last)


def _account_form(creator: sqlite3.Row) -> Html:
    return render(
        "_account.html",
        handle=creator["handle"],
        durations=join(_durations(creator["max_video_post_duration_sec"])),
        **{flag: when(creator[flag], " checked") for flag in ACCOUNT_FLAGS},
    )


def _durations(chosen: int) -> list[Html]:
    options = []
    for seconds in sorted({*DURATIONS, chosen}):
        label = f"{seconds // 60} minutes" if seconds % 60 == 0 else f"{seconds} seconds"
        options.append(option(seconds, label, selected=seconds == chosen))
    return options


def _app(world: World, handle: str, grant: sqlite3.Row) -> Html:
    own = grant["client_key"] == world.settings.client_key
    return render(
        "_app.html",
        handle=handle,
        app=world.settings.app_name if own else grant["client_key"],
        client_key=grant["client_key"],
        scopes=grant["scopes"].replace(",", ", "),
        since=moment(grant["granted_at"]),
    )


def watch(world: World, request: Request, handle: str, video_id: str) -> Response:
    """The public page of one video: where a permalink leads."""
    with world.state.reading() as db:
        video = videos.one(db, handle, int(video_id), world.now())
        media = media_of(db, video) if video else Html("")
    if video is None:
        return missing(world, request)
    if not videos.is_for_everyone(video):
        return page("Not public", render("not_public.html", handle=handle), status=404)
    main = render(
        "watch.html",
        handle=handle,
        display_name=video["display_name"],
        media=media,
        title=title_of(video),
        caption=with_tags(video["caption"]),
        time=moment(video["live_ms"] / 1000),
        tags=tags_of(video),
        bytes=size(video["size"]),
    )
    return page(f"{video['display_name']} on the sandbox", main)
