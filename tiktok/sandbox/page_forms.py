"""What the buttons of the pages do. Each ends with a redirect, so that a reload repeats nothing."""

from urllib.parse import parse_qs

from tiktok.sandbox import creators, drafts, oauth, pages
from tiktok.sandbox.creators import BadCreator
from tiktok.sandbox.drafts import BadDraft
from tiktok.sandbox.messages import Request, Response, redirect
from tiktok.sandbox.world import World


def _form(request: Request) -> dict[str, str]:
    fields = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def make_creator(world: World, request: Request) -> Response:
    form = _form(request)
    handle = form.get("handle", "").strip().lstrip("@").lower()
    try:
        with world.state.transaction() as db:
            values = {
                "handle": handle,
                "display_name": form.get("display_name") or handle,
                "private": "private" in form,
            }
            creators.create(db, values, now=world.now())
    except BadCreator as error:
        return pages.home(world, request, error)
    return redirect(f"/@{handle}?done=created")


def change_account(world: World, request: Request, handle: str) -> Response:
    form = _form(request)
    changes: dict[str, object] = {name: name in form for name in pages.ACCOUNT_FLAGS}
    duration = form.get("max_video_post_duration_sec", "")
    if duration.isdecimal():
        changes["max_video_post_duration_sec"] = min(int(duration), 3_600)
    try:
        with world.state.transaction() as db:
            if creators.find(db, handle) is None:
                return pages.missing(world, request)
            creators.change(db, handle, changes)
    except BadCreator as error:
        return pages.profile(world, request, handle, error=str(error), status=400)
    return redirect(f"/@{handle}?done=account")


def remove_access(world: World, request: Request, handle: str) -> Response:
    client_key = _form(request).get("client_key", "")
    with world.state.transaction() as db:
        creator = creators.find(db, handle)
        if creator is None:
            return pages.missing(world, request)
        oauth.remove_access(world, db, creator["id"], client_key, reason=oauth.BY_THE_CREATOR)
    return redirect(f"/@{handle}?done=removed")


def post_draft(world: World, request: Request, handle: str, publish_id: str) -> Response:
    form = _form(request)
    # Browsers send line ends as CR LF; a caption has plain ones.
    caption = form.get("caption", "").replace("\r\n", "\n")
    try:
        with world.state.transaction() as db:
            drafts.post(
                db,
                publish_id,
                caption=caption,
                privacy=form.get("privacy", ""),
                settings=world.settings,
                now=world.now(),
            )
    except BadDraft as error:
        return pages.profile(world, request, handle, error=str(error), status=400)
    return redirect(f"/@{handle}?done=posted")


def drop_draft(world: World, request: Request, handle: str, publish_id: str) -> Response:
    try:
        with world.state.transaction() as db:
            drafts.drop(db, publish_id, world.now())
    except BadDraft as error:
        return pages.profile(world, request, handle, error=str(error), status=400)
    return redirect(f"/@{handle}?done=dropped")
