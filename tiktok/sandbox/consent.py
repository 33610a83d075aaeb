"""The page that asks a creator: who are you, and what may this app do? (Protocol 2.2 to 2.4)"""

import sqlite3
from urllib.parse import parse_qs

from tiktok.sandbox import creators
from tiktok.sandbox.authorization import Authorization, BadAuthorization, check
from tiktok.sandbox.creators import BadCreator
from tiktok.sandbox.markup import Html, escape, join, page, render, when
from tiktok.sandbox.messages import Request, Response, redirect
from tiktok.sandbox.world import World

Form = dict[str, list[str]]
NEW = "+"  # the choice that makes a creator; nobody can be called so

SCOPE_TEXTS = {
    "user.info.basic": "See your display name and avatar",
    "user.info.profile": "See your handle, bio and profile link",
    "user.info.stats": "See your follower, like and video counts",
    "video.list": "See your public videos and their figures",
    "video.upload": "Send drafts to your inbox",
    "video.publish": "Post videos to your profile",
}


def ask(world: World, request: Request) -> Response:
    """GET: show the page, or TikTok's own error page."""
    try:
        authorization = check(request.query, world.settings)
    except BadAuthorization as error:
        return _error_page(error)
    return _page(world, request, authorization, {}, None)


def decide(world: World, request: Request) -> Response:
    """POST: send the browser back with a code, or with a refusal."""
    try:
        authorization = check(request.query, world.settings)
    except BadAuthorization as error:
        return _error_page(error)
    form = parse_qs(request.body.decode("utf-8", "replace"))
    if _one(form, "decision") != "authorize":
        return redirect(authorization.callback(authorization.refused()))
    now = world.now()
    granted = set(form.get("scope", []))
    scopes = tuple(scope for scope in authorization.scopes if scope in granted)
    try:
        if not scopes:
            raise BadCreator("scope", "Allow at least one thing, or cancel.")
        with world.state.transaction() as db:
            creator = _chosen(db, form, now)
            parameters = authorization.granted(db, creator["id"], scopes, world.settings, now)
    except BadCreator as error:
        return _page(world, request, authorization, form, error)
    return redirect(authorization.callback(parameters))


def _chosen(db: sqlite3.Connection, form: Form, now: float) -> sqlite3.Row:
    choice = _one(form, "creator")
    if choice == NEW:
        handle = _one(form, "handle").strip().lstrip("@").lower()
        values = {
            "handle": handle,
            "display_name": _one(form, "display_name") or handle,
            "private": "private" in form,
        }
        return creators.create(db, values, now=now)
    creator = creators.find(db, choice)
    if creator is None:
        raise BadCreator("creator", "Choose who you are.")
    return creator


def _one(form: Form, name: str) -> str:
    return form.get(name, [""])[0]


def _page(
    world: World,
    request: Request,
    authorization: Authorization,
    form: Form,
    error: BadCreator | None,
) -> Response:
    with world.state.reading() as db:
        everyone = creators.everyone(db)
    main = render(
        "consent.html",
        app=world.settings.app_name,
        action=f"{request.path}?{request.raw_query}",
        error=_error(error),
        creators=_choices(everyone, form),
        scopes=join([_scope(scope, form) for scope in authorization.scopes]),
        host=authorization.redirect_origin,
    )
    return page(
        f"Allow {world.settings.app_name}?",
        main,
        status=400 if error else 200,
        form_target=authorization.redirect_origin,
    )


def _error(error: BadCreator | None) -> Html:
    return render("_error.html", text=error) if error else Html("")


def _choices(everyone: list[sqlite3.Row], form: Form) -> Html:
    """One radio button for each creator, and one that makes a new one."""
    chosen = _one(form, "creator")
    if not chosen and len(everyone) < 2:
        chosen = everyone[0]["handle"] if everyone else NEW
    existing = [
        render(
            "_choice.html",
            handle=creator["handle"],
            display_name=creator["display_name"],
            private=when(creator["private"], '<span class="tag">Private</span>'),
            checked=when(chosen == creator["handle"], " checked"),
        )
        for creator in everyone
    ]
    new = render(
        "_choice_new.html",
        value=NEW,
        checked=when(chosen == NEW, " checked"),
        handle=_one(form, "handle"),
        display_name=_one(form, "display_name"),
        private=when(_one(form, "private"), " checked"),
    )
    return join([*existing, new])


def _scope(scope: str, form: Form) -> Html:
    ticked = not form or scope in form.get("scope", [])
    return render(
        "_scope.html",
        scope=scope,
        text=SCOPE_TEXTS.get(scope, scope),
        checked=when(ticked, " checked"),
    )


def _error_page(error: BadAuthorization) -> Response:
    """TikTok's own page for a bad request; the browser stays here (Protocol 2.2)."""
    words = [f"error_type={error.parameter}"]
    if error.number is not None:
        words.insert(0, f"errCode={error.number}")
    main = render("authorization_error.html", message=error, words=join([_word(w) for w in words]))
    return page("Something went wrong", main, status=400)


def _word(word: str) -> Html:
    return Html(f"<li><code>{escape(word)}</code></li>")
