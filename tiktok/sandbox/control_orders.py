"""What the control endpoint does: turn settings, make creators, play the creator's part."""

from typing import Any

from tiktok.sandbox import authorization, creators, drafts, news, oauth, tokens, webhooks
from tiktok.sandbox.addresses import is_web_address
from tiktok.sandbox.troubles import trouble_from
from tiktok.sandbox.world import World

Json = dict[str, Any]
LONGEST_WAIT = 120.0  # seconds
DEFAULT_REDIRECT = "https://scheduler.example/callback"


class BadOrder(ValueError):
    """A call of the control endpoint that makes no sense."""


def change_settings(world: World, body: Json) -> Json:
    url = body.get("webhook_url")
    if isinstance(url, str) and url and not is_web_address(url):
        raise BadOrder("webhook_url begins with https:// or http://")
    was_told = world.settings.webhook_url
    settings = world.change_settings(body)
    if settings.webhook_url and not was_told:
        webhooks.gather(world, silently=True)
    return settings.as_json()


def make_creator(world: World, body: Json) -> Json:
    with world.state.transaction() as db:
        return creators.as_json(creators.create(db, body, now=world.now()))


def change_creator(world: World, body: Json, handle: str) -> Json:
    with world.state.transaction() as db:
        creators.by_handle(db, handle)
        return creators.as_json(creators.change(db, handle, body))


def remove_access(world: World, body: Json, handle: str) -> Json:
    """As the creator does it in TikTok, or for another of TikTok's reasons."""
    reason = body.get("reason", oauth.BY_THE_CREATOR)
    if type(reason) is not int:
        raise BadOrder("reason is a number")
    with world.state.transaction() as db:
        creator = creators.by_handle(db, handle)
        app = world.settings.client_key
        oauth.remove_access(world, db, creator["id"], app, reason=reason)
        return creators.as_json(creator)


def authorize(world: World, body: Json) -> Json:
    """Say yes in a creator's name, without a browser: the callback's parameters."""
    query = {
        "client_key": world.settings.client_key,
        "response_type": "code",
        "scope": ",".join(_scopes(world, body)),
        "redirect_uri": body.get("redirect_uri", DEFAULT_REDIRECT),
        "state": body.get("state") or authorization.new_state(),
    }
    if body.get("code_challenge"):
        query |= {"code_challenge": body["code_challenge"], "code_challenge_method": "S256"}
    if not all(isinstance(value, str) for value in query.values()):
        raise BadOrder("redirect_uri, state and code_challenge are strings")
    checked = authorization.check({name: [value] for name, value in query.items()}, world.settings)
    with world.state.transaction() as db:
        creator = creators.by_handle(db, body.get("creator", ""))
        return checked.granted(db, creator["id"], checked.scopes, world.settings, world.now())


def connect(world: World, body: Json) -> Json:
    """Consent and exchange in one: the answer of the token endpoint."""
    scopes = ",".join(_scopes(world, body))
    with world.state.transaction() as db:
        creator = creators.by_handle(db, body.get("creator", ""))
        return tokens.grant(db, creator["id"], scopes, world.settings, world.now())


def _scopes(world: World, body: Json) -> tuple[str, ...]:
    scopes = body.get("scopes", world.settings.app_scopes)
    if not isinstance(scopes, list | tuple) or not set(scopes) <= set(world.settings.app_scopes):
        raise BadOrder("scopes is a list of scopes that the app has")
    return tuple(scopes)


def post_draft(world: World, body: Json, publish_id: str) -> Json:
    caption, privacy = body.get("caption", ""), body.get("privacy", creators.ONLY_ME)
    if not isinstance(caption, str) or not isinstance(privacy, str):
        raise BadOrder("caption and privacy are strings")
    with world.state.transaction() as db:
        video_id = drafts.post(
            db,
            publish_id,
            caption=caption,
            privacy=privacy,
            settings=world.settings,
            now=world.now(),
        )
    return {"video_id": str(video_id)}


def drop_draft(world: World, body: Json, publish_id: str) -> Json:
    with world.state.transaction() as db:
        drafts.drop(db, publish_id, world.now())
    return {}


def troubles(world: World, body: Json) -> Json:
    return {"troubles": world.troubles.as_json()}


def add_trouble(world: World, body: Json) -> Json:
    return world.troubles.one_as_json(world.troubles.add(trouble_from(body)))


def one_trouble(world: World, body: Json, number: str) -> Json:
    return world.troubles.one_as_json(int(number))


def wait_for_trouble(world: World, body: Json, number: str) -> Json:
    """Answer as soon as the trouble has come about, or after `seconds`."""
    hits, seconds = body.get("hits", 1), body.get("seconds", 10)
    if type(hits) is not int or type(seconds) not in (int, float):
        raise BadOrder("hits and seconds are numbers")
    world.troubles.wait(int(number), hits=hits, seconds=min(seconds, LONGEST_WAIT))
    return world.troubles.one_as_json(int(number))


def release_trouble(world: World, body: Json, number: str) -> Json:
    world.troubles.release(int(number))
    return world.troubles.one_as_json(int(number))


def clear_troubles(world: World, body: Json) -> Json:
    world.troubles.forget_everything()
    return {}


def reset(world: World, body: Json) -> Json:
    world.reset()
    return {}


def send_webhook(world: World, body: Json) -> Json:
    """Tell the app anything, in a creator's name: also what never happened, or does not exist."""
    event, content = body.get("event"), body.get("content", {})
    at = body.get("create_time", int(world.now()))
    if not isinstance(event, str) or not isinstance(content, dict) or type(at) is not int:
        raise BadOrder("event is a string, content an object, create_time a number")
    if not world.settings.webhook_url:
        raise BadOrder("there is no webhook_url in the settings")
    with world.state.transaction() as db:
        creator = creators.by_handle(db, body.get("creator", ""))
        if not tokens.knows(db, creator["id"], world.settings.client_key):
            raise BadOrder("the creator has never connected the app")
        told = news.News(event, at, creator["id"], content)
        return {"id": webhooks.add(db, told, world.settings, world.now())}


def repeat_webhook(world: World, body: Json, number: str) -> Json:
    """Tell the very same once more."""
    webhooks.repeat(world, int(number))
    return {}
