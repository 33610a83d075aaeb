"""Run inside an installation: fill its database with many publications, and time real claims.

    python -m bench.crowd 1000000 20000

Prints one line of JSON: medians in milliseconds.
"""

import json
import os
import statistics
import sys
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scheduler.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from accounts.models import User, Workspace  # noqa: E402
from bench.seed import made_up_tokens, plan, store_channel, store_video  # noqa: E402
from posts.models import Publication  # noqa: E402

CHANNELS = 1_000
CLAIMS = 50
DUE = 500

# Copies of one real publication: published ones, some that wait for later, and some due.
COPY_POSTS = """
INSERT INTO posts_post (workspace_id, author_id, caption, title, created_at, updated_at)
SELECT workspace_id, author_id, caption, title, created_at, updated_at
FROM posts_post, generate_series(1, %s) LIMIT %s
"""
COPY_PUBLICATIONS = """
WITH model AS (SELECT * FROM posts_publication LIMIT 1),
     posts AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM posts_post
               WHERE id NOT IN (SELECT post_id FROM posts_publication)),
     channels AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS number FROM accounts_channel)
INSERT INTO posts_publication ({columns})
SELECT {values} FROM posts
JOIN channels ON channels.number = posts.number %% %s CROSS JOIN model
"""


def main() -> None:
    publications, blocked = (int(argument) for argument in sys.argv[1:])
    person = User.objects.create_user("bench", "bench@example.com")
    workspace = Workspace.personal_for(person)
    medium = store_video(workspace, 1_000_000)
    channels = [
        store_channel(workspace, f"c{number}", made_up_tokens()) for number in range(CHANNELS)
    ]
    plan(person, channels[0], medium)
    fill(publications, blocked)
    claims = [timed_claim() for _ in range(CLAIMS)]
    print(  # noqa: T201
        json.dumps(
            {
                "query_ms": statistics.median(query for query, _ in claims),
                "claim_ms": statistics.median(whole for _, whole in claims),
            }
        )
    )


def fill(publications: int, blocked: int) -> None:
    """Most are published; `blocked` wait for an account, due again in a while; some are due now."""
    now = "now() - interval '1 second'"
    kinds = (
        f"CASE WHEN posts.number <= {blocked} THEN 'blocked'"
        f" WHEN posts.number <= {blocked} + {DUE} THEN 'due' ELSE 'published' END"
    )
    special = {
        "post_id": "posts.id",
        "channel_id": "channels.id",
        "state": f"CASE {kinds} WHEN 'published' THEN 'published' ELSE 'scheduled' END",
        "published_at": f"CASE {kinds} WHEN 'published' THEN now() END",
        "due_at": now,
        "next_step_at": f"CASE {kinds} WHEN 'published' THEN NULL WHEN 'due' THEN {now}"
        " ELSE now() + interval '5 minutes' END",
        "next_check_at": "NULL",
    }
    columns = [
        str(field.column) for field in Publication._meta.concrete_fields if not field.primary_key
    ]
    values = [special.get(column, f"model.{column}") for column in columns]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COPY_POSTS, [publications, publications])
        cursor.execute(
            COPY_PUBLICATIONS.format(columns=", ".join(columns), values=", ".join(values)),
            [CHANNELS],
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def timed_claim() -> tuple[float, float]:
    """Milliseconds of the SELECT that finds one, and of the whole claim."""
    finding: list[float] = []

    def watch(execute: Any, sql: str, *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, *arguments)
        finally:
            if "SKIP LOCKED" in sql:
                finding.append(time.perf_counter() - began)

    began = time.perf_counter()
    with connection.execute_wrapper(watch):
        claimed = Publication.claim_due(by="bench", seconds=600)
    whole = time.perf_counter() - began
    if not claimed:
        raise RuntimeError("nothing was due")
    return finding[0] * 1000, whole * 1000


if __name__ == "__main__":
    main()
