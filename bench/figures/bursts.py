"""Many posts of as many channels: spread over seconds, and all in the same one."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.house import House, wait_for
from bench.watching import Bill, Peak, connection_counter

VIDEO_BYTES = 1_000_000
HEAD_START = 8.0  # seconds between planning and the moment


@dataclass(frozen=True, slots=True)
class Run:
    posts: int
    lateness: list[float]  # seconds from the planned time to the init's arrival at TikTok
    by_ledger: list[float]  # the same to the intent in our own ledger
    published: int
    live: int
    creators: int
    seconds: float  # from the moment until the last was published
    cpu: dict[str, float]  # seconds
    connections: int


def run(house: House, *, posts: int, apart: float, latency_ms: float = 0) -> Run:
    """Let `posts` become due, `apart` seconds from one to the next, and wait for the last."""
    house.ask("settings", latency_ms=latency_ms, processing_seconds=1, moderation_seconds=0)
    house.run("-m", "bench.seed", f"--posts={posts}", f"--bytes={VIDEO_BYTES}")
    moment = time.time() + HEAD_START
    plan(house, moment, apart)
    bill = Bill(house)
    with Peak(connection_counter(house)) as connections:
        wait_for(
            lambda: in_state(house, "published") == posts,
            seconds=HEAD_START + posts * apart + 300,
            what="the last being published",
            every=0.5,  # asking costs time that belongs to those who are watched
        )
    done = time.time()
    cpu = bill.seconds()
    return Run(
        posts=posts,
        lateness=arrivals(house),
        by_ledger=intents(house),
        published=in_state(house, "published"),
        live=len(videos := house.ask("videos")["videos"]),
        creators=len({video["creator"] for video in videos}),
        seconds=done - moment - (posts - 1) * apart,
        cpu=cpu,
        connections=connections.value,
    )


def plan(house: House, moment: float, apart: float) -> None:
    house.sql(
        "WITH planned AS (SELECT id, to_timestamp(%s + %s * row_number() OVER (ORDER BY id)) AS at"
        " FROM posts_publication)"
        " UPDATE posts_publication p SET due_at = planned.at, next_step_at = planned.at,"
        " next_check_at = NULL"  # the looks before its time are over by then
        " FROM planned WHERE planned.id = p.id",
        moment - apart,
        apart,
    )


def in_state(house: House, state: str) -> int:
    rows = house.sql("SELECT count(*) FROM posts_publication WHERE state = %s", state)
    return int(rows[0][0])


def arrivals(house: House) -> list[float]:
    """When the first init of each creator reached the sandbox, against its planned time."""
    rows = house.sql(
        "SELECT username, due_at FROM posts_publication p"
        " JOIN accounts_channel c ON c.id = p.channel_id"
    )
    due: dict[str, datetime] = dict(rows)
    first: dict[str, float] = {}
    for call in house.ask("requests?endpoint=video_init")["requests"]:
        first.setdefault(call["creator"], call["at"])
    return [at - due[creator].astimezone(UTC).timestamp() for creator, at in first.items()]


def intents(house: House) -> list[float]:
    question = (
        "SELECT extract(epoch FROM intended_at - due_at)::float FROM posts_attempt a"
        " JOIN posts_publication p ON p.id = a.publication_id WHERE number = 1"
    )
    return [row[0] for row in house.sql(question)]
