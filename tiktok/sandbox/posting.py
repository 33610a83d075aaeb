"""Content Posting: creator_info, the two video inits, status and cancel (Protocol 4 to 6, 10)."""

import secrets
import sqlite3
from typing import Any

from tiktok.sandbox import caps, creators, publications, pulls, scenarios
from tiktok.sandbox.api import Call
from tiktok.sandbox.chunk_rules import ChunkPlan
from tiktok.sandbox.creators import ONLY_ME
from tiktok.sandbox.init_body import post_info, source_info
from tiktok.sandbox.pictures import avatar_address
from tiktok.sandbox.publications import UNFINISHED
from tiktok.sandbox.refusals import Refusal
from tiktok.sandbox.settings import Settings

INBOX_SECONDS = 600  # a draft may be trimmed in the app, so only the general limit holds


def creator_info(call: Call) -> dict[str, Any]:
    """What the creator may do now. Its three "not now" answers come with HTTP 200."""
    with call.world.state.reading() as db:
        creator = creators.by_id(db, call.creator_id)
        try:
            caps.refuse_if_direct_posts_are_used_up(db, creator, call.settings, call.now)
        except Refusal as refusal:
            raise Refusal(refusal.code, refusal.message, status=200) from None
    disabled = creators.interactions_disabled(creator)
    return {
        "creator_avatar_url": avatar_address(call.request.base_url, creator, call.now),
        "creator_username": creator["handle"],
        "creator_nickname": creator["display_name"],
        "privacy_level_options": _options(creator, call.settings),
        "comment_disabled": disabled["comment"],
        "duet_disabled": disabled["duet"],
        "stitch_disabled": disabled["stitch"],
        "max_video_post_duration_sec": creator["max_video_post_duration_sec"],
    }


def _options(creator: sqlite3.Row, settings: Settings) -> list[str]:
    """An app without the audit is offered only what it may use (Protocol 16, 22)."""
    if settings.audited or settings.unaudited_sees_all_options:
        return creators.privacy_options(creator)
    return [ONLY_ME]


def init_direct(call: Call) -> dict[str, Any]:
    """Announce a direct post (Protocol 5)."""
    post = post_info(call.body.object("post_info"))
    source = source_info(call.body.object("source_info"), call.settings.url_properties)
    with call.world.state.transaction() as db:
        scenario = scenarios.play(db, call.creator_id, post.caption)
    scenarios.refuse_if_asked(scenario)
    with call.world.state.transaction() as db:
        creator = creators.by_id(db, call.creator_id)
        refuse_direct(db, call, creator, post.privacy)
        disabled = creators.interactions_disabled(creator)
        answer = announce(
            db,
            call,
            "direct",
            scenario,
            source,
            caption=post.caption,
            privacy=post.privacy,
            disable_comment=post.disable_comment or disabled["comment"],
            disable_duet=post.disable_duet or disabled["duet"],
            disable_stitch=post.disable_stitch or disabled["stitch"],
            cover_ms=post.cover_ms,
            brand_content=post.brand_content,
            brand_organic=post.brand_organic,
            is_aigc=post.is_aigc,
            max_duration_sec=creator["max_video_post_duration_sec"],
        )
    return answered(call, answer)


def refuse_direct(db: sqlite3.Connection, call: Call, creator: sqlite3.Row, privacy: str) -> None:
    """Raise what speaks against a direct post of this creator now, for this audience."""
    caps.refuse_if_direct_posts_are_used_up(db, creator, call.settings, call.now)
    _refuse_unaudited(creator, privacy, call.settings)
    if privacy not in creators.privacy_options(creator):
        raise Refusal(
            "privacy_level_option_mismatch", "The creator does not offer this privacy level."
        )


def _refuse_unaudited(creator: sqlite3.Row, privacy: str, settings: Settings) -> None:
    """An app without the audit needs a private account, and a private post (Protocol 14)."""
    if settings.audited:
        return
    if not creator["private"]:
        raise Refusal(
            "unaudited_client_can_only_post_to_private_accounts",
            "The app is not audited: the creator's account must be private.",
        )
    if privacy != ONLY_ME:
        raise Refusal(
            "privacy_level_option_mismatch", "The app is not audited: only SELF_ONLY is offered."
        )


def init_inbox(call: Call) -> dict[str, Any]:
    """Announce a draft for the creator's inbox (Protocol 6)."""
    source = source_info(call.body.object("source_info"), call.settings.url_properties)
    with call.world.state.transaction() as db:
        creator = creators.by_id(db, call.creator_id)
        caps.refuse_if_banned(creator)
        caps.refuse_if_inbox_is_full(db, creator, call.settings, call.now)
        answer = announce(
            db,
            call,
            "inbox",
            scenarios.Scenario(),
            source,
            caption="",
            privacy=None,
            disable_comment=False,
            disable_duet=False,
            disable_stitch=False,
            cover_ms=0,
            brand_content=False,
            brand_organic=False,
            is_aigc=False,
            max_duration_sec=INBOX_SECONDS,
        )
    return answered(call, answer)


def announce(
    db: sqlite3.Connection,
    call: Call,
    mode: str,
    scenario: scenarios.Scenario,
    source: ChunkPlan | str | list[str],
    **values: Any,
) -> dict[str, Any]:
    """Write down a publication and how its bytes come: the `data` of the init's answer.

    `source`: the plan of an upload, or the address or addresses to fetch from.
    """
    is_upload = isinstance(source, ChunkPlan)
    publish_id = publications.create(
        db,
        mode,
        scenario,
        creator_id=call.creator_id,
        client_key=call.token["client_key"],
        pulled=not is_upload,
        created_at=call.now,
        **values,
    )
    upload_id = str(7 * 10**18 + secrets.randbelow(10**18))
    if isinstance(source, ChunkPlan):
        return _await_bytes(db, publish_id, source, call, upload_id)
    addresses = [source] if isinstance(source, str) else source
    until = call.now + call.settings.pull_seconds
    pulls.await_fetch(db, publish_id, addresses, until=until, upload_id=upload_id)
    return {"publish_id": publish_id}


def answered(call: Call, data: dict[str, Any]) -> dict[str, Any]:
    """The init stands: what is to be fetched is fetched from now on."""
    if "upload_url" not in data:
        pulls.begin(call.world, data["publish_id"])
    return data


def _await_bytes(
    db: sqlite3.Connection, publish_id: str, plan: ChunkPlan, call: Call, upload_id: str
) -> dict[str, Any]:
    token = secrets.token_urlsafe(24)
    db.execute(
        "INSERT INTO uploads (upload_id, token, publish_id, size, chunk_size, chunk_count,"
        " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            upload_id,
            token,
            publish_id,
            plan.size,
            plan.chunk_size,
            plan.count,
            call.now + call.settings.upload_url_seconds,
        ],
    )
    base = call.request.base_url
    return {
        "publish_id": publish_id,
        "upload_url": f"{base}/video/?upload_id={upload_id}&upload_token={token}",
    }


def status_fetch(call: Call) -> dict[str, Any]:
    with call.world.state.reading() as db:
        publication = _own_publication(db, call)
        return publications.as_data(db, publication, call.settings, call.now)


def cancel(call: Call) -> None:
    """Stop what still waits for bytes, or fetches them. Once all are here it goes on by itself
    (Protocol 8.7)."""
    with call.world.state.transaction() as db:
        publication = _own_publication(db, call)
        waits = publication["completed_at"] is None
        word = publications.status(db, publication, call.now)
        if word not in UNFINISHED or not waits:
            raise Refusal("publish_not_cancellable", "It is too late to cancel this.")
        publications.fail(db, publication["publish_id"], "publish_cancelled", call.now)


def _own_publication(db: sqlite3.Connection, call: Call) -> sqlite3.Row:
    publication = publications.find(db, call.body.text("publish_id"))
    if publication is None:
        raise Refusal("invalid_publish_id", "There is no such publish_id.")
    mine = (call.creator_id, call.token["client_key"])
    if (publication["creator_id"], publication["client_key"]) != mine:
        raise Refusal(
            "token_not_authorized_for_specified_publish_id",
            "The publish_id belongs to another creator or app.",
        )
    return publication
