"""The page that shows what the app is told by itself, and whether it listens."""

import json
import re
import sqlite3
from urllib.parse import parse_qs

from tiktok.sandbox import control_orders, webhooks
from tiktok.sandbox.addresses import is_web_address
from tiktok.sandbox.markup import Html, join, moment, page, render
from tiktok.sandbox.messages import Request, Response, redirect
from tiktok.sandbox.world import World

SHOWN = 50
DONE = {
    "address": "The address is changed.",
    "again": "It is told once more.",
}


def webhooks_page(world: World, request: Request, *, error: str = "") -> Response:
    with world.state.reading() as db:
        rows = db.execute("SELECT * FROM webhooks ORDER BY id DESC LIMIT ?", [SHOWN]).fetchall()
    url = world.settings.webhook_url
    main = render(
        "webhooks.html",
        url=url,
        state=f"Events go to {url}." if url else "No address is registered: nothing is told.",
        error=render("_error.html", text=error) if error else Html(""),
        webhooks=join([_webhook(row) for row in rows]) or render("_no_webhooks.html"),
    )
    notice = DONE.get(request.argument("done") or "", "")
    return page("Webhooks", main, status=400 if error else 200, notice=notice)


def register(world: World, request: Request) -> Response:
    """Let events go to the address in the form; empty: to nobody."""
    form = parse_qs(request.body.decode("utf-8", "replace"))
    url = form.get("url", [""])[0].strip()
    if url and not is_web_address(url):
        return webhooks_page(world, request, error="An address begins with https:// or http://.")
    control_orders.change_settings(world, {"webhook_url": url})
    return redirect("/webhooks?done=address")


def again(world: World, request: Request, number: str) -> Response:
    try:
        webhooks.repeat(world, int(number))
    except KeyError:
        return webhooks_page(world, request, error="There is no such event any more.")
    return redirect("/webhooks?done=again")


def _webhook(row: sqlite3.Row) -> Html:
    body = json.loads(row["body"])
    return render(
        "_webhook.html",
        number=row["id"],
        event=row["event"],
        time=moment(row["made_at"]),
        content=body["content"],
        fate=_fate(row),
    )


def _fate(row: sqlite3.Row) -> str:
    tries = "1 try" if row["tries"] == 1 else f"{row['tries']} tries"
    answer = row["answer"]
    said = f"answered {answer}" if re.fullmatch("[0-9]{3}", answer) else f"no answer ({answer})"
    if row["told_at"] is not None and row["next_try_at"] is None:
        return f"Told, after {tries}"
    if row["next_try_at"] is not None:
        return f"Told again soon: {said} to {tries}" if row["tries"] else "To be told"
    return f"Given up after {tries}: {said}" if row["tries"] else "Not told: nobody listened then"
