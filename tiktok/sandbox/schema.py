"""The tables in which the sandbox remembers. Times are Unix seconds unless a name says ms."""

# Raised whenever a table changes; UPGRADES below then says how an older folder gets there.
SCHEMA_VERSION = 3

PULLS = """
-- What is fetched from an app's own address: one video, or photos in their order.
CREATE TABLE pulls (
    id INTEGER PRIMARY KEY,
    publish_id TEXT NOT NULL REFERENCES publications (publish_id),
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    requests INTEGER NOT NULL DEFAULT 0,
    received INTEGER NOT NULL DEFAULT 0,  -- bytes of the file that is kept
    began_at REAL,
    ended_at REAL,
    complaint TEXT,    -- why the address was not accepted
    content_type TEXT,
    sha256 TEXT,
    width INTEGER,     -- of a photo
    height INTEGER,
    UNIQUE (publish_id, position)
);
"""

WEBHOOKS = """
-- What the app is told by itself.
CREATE TABLE webhooks (
    id INTEGER PRIMARY KEY,
    event TEXT NOT NULL,
    told TEXT UNIQUE,          -- what it is about, while that is not to be told again
    body TEXT NOT NULL,        -- exactly as it is signed
    made_at REAL NOT NULL,     -- when it happened
    next_try_at REAL,          -- NULL: told, given up, or never to be told
    tries INTEGER NOT NULL DEFAULT 0,
    signed_at INTEGER,         -- the moment in the newest signature
    told_at REAL,
    answer TEXT NOT NULL DEFAULT ''  -- to the newest try
);
CREATE INDEX webhooks_due ON webhooks (next_try_at) WHERE next_try_at IS NOT NULL;
"""

SCHEMA = f"""
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL  -- JSON
);

CREATE TABLE creators (
    id INTEGER PRIMARY KEY,
    handle TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    bio TEXT NOT NULL DEFAULT '',
    union_id TEXT NOT NULL UNIQUE,
    private INTEGER NOT NULL DEFAULT 0,
    comment_disabled INTEGER NOT NULL DEFAULT 0,
    duet_disabled INTEGER NOT NULL DEFAULT 0,
    stitch_disabled INTEGER NOT NULL DEFAULT 0,
    max_video_post_duration_sec INTEGER NOT NULL DEFAULT 600,
    banned INTEGER NOT NULL DEFAULT 0,
    privacy_options TEXT,  -- JSON list; NULL: what the account's kind offers
    created_at REAL NOT NULL
);

-- Whether a creator lets an app in. The open_id outlives a removed access.
CREATE TABLE grants (
    creator_id INTEGER NOT NULL REFERENCES creators (id),
    client_key TEXT NOT NULL,
    open_id TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,  -- comma list of the newest consent
    granted_at REAL NOT NULL,
    removed_at REAL,
    PRIMARY KEY (creator_id, client_key)
);

CREATE TABLE codes (
    code TEXT PRIMARY KEY,
    creator_id INTEGER NOT NULL REFERENCES creators (id),
    client_key TEXT NOT NULL,
    scopes TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge TEXT,
    expires_at REAL NOT NULL,
    used_at REAL
);

CREATE TABLE tokens (
    access_token TEXT PRIMARY KEY,
    refresh_token TEXT NOT NULL UNIQUE,
    creator_id INTEGER NOT NULL REFERENCES creators (id),
    client_key TEXT NOT NULL,
    scopes TEXT NOT NULL,
    access_expires_at REAL NOT NULL,
    refresh_expires_at REAL NOT NULL,
    refreshed_at REAL,
    revoked_at REAL
);
CREATE INDEX tokens_of_creator ON tokens (creator_id, client_key);

CREATE TABLE publications (
    publish_id TEXT PRIMARY KEY,
    creator_id INTEGER NOT NULL REFERENCES creators (id),
    client_key TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('direct', 'inbox')),
    pulled INTEGER NOT NULL DEFAULT 0,  -- fetched by TikTok, not uploaded
    is_photos INTEGER NOT NULL DEFAULT 0,
    title TEXT NOT NULL DEFAULT '',     -- photos only
    caption TEXT NOT NULL,              -- of photos: their description
    auto_add_music INTEGER NOT NULL DEFAULT 0,
    photo_cover_index INTEGER NOT NULL DEFAULT 0,
    privacy TEXT,  -- NULL for a draft: the creator chooses later
    disable_comment INTEGER NOT NULL,
    disable_duet INTEGER NOT NULL,
    disable_stitch INTEGER NOT NULL,
    cover_ms INTEGER NOT NULL,
    brand_content INTEGER NOT NULL,
    brand_organic INTEGER NOT NULL,
    is_aigc INTEGER NOT NULL,
    max_duration_sec INTEGER NOT NULL,
    slow_seconds REAL,         -- asked for by the caption
    stuck INTEGER NOT NULL,    -- never leaves processing
    planned_failure TEXT,      -- the fail_reason that shows once processing ends
    created_at REAL NOT NULL,
    ready_at REAL,             -- when processing ends; NULL while bytes are missing, or stuck
    failed_at REAL,            -- cancelled, or access removed, before it was ready
    dropped_at REAL            -- the creator threw the draft away
);
CREATE INDEX publications_of_creator ON publications (creator_id, mode, created_at);
CREATE INDEX publications_of_app ON publications (client_key, created_at);

-- How the bytes of a publication come here; size and received grow together when they are fetched.
CREATE TABLE uploads (
    upload_id TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    publish_id TEXT NOT NULL UNIQUE REFERENCES publications (publish_id),
    size INTEGER NOT NULL,
    chunk_size INTEGER NOT NULL,
    chunk_count INTEGER NOT NULL,
    received INTEGER NOT NULL DEFAULT 0,  -- always the end of a chunk
    expires_at REAL NOT NULL,
    completed_at REAL,
    sha256 TEXT,       -- computed when somebody first asks
    container TEXT,    -- mp4, mov or webm, once complete and recognised
    width INTEGER,
    height INTEGER,
    duration REAL      -- seconds
);

CREATE TABLE videos (
    id INTEGER PRIMARY KEY,  -- 19 digits
    creator_id INTEGER NOT NULL REFERENCES creators (id),
    publish_id TEXT NOT NULL REFERENCES publications (publish_id),
    caption TEXT NOT NULL,
    privacy TEXT NOT NULL,
    disable_comment INTEGER NOT NULL,
    disable_duet INTEGER NOT NULL,
    disable_stitch INTEGER NOT NULL,
    live_ms INTEGER NOT NULL,  -- on the profile from then on
    moderated_at REAL NOT NULL,
    UNIQUE (creator_id, live_ms)
);
CREATE INDEX videos_of_publication ON videos (publish_id);

CREATE TABLE requests (
    id INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    endpoint TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    query TEXT NOT NULL,
    content_type TEXT NOT NULL,
    body TEXT NOT NULL,
    creator TEXT,
    trouble TEXT,
    status INTEGER,    -- NULL: no answer was sent
    code TEXT,         -- error.code, or the OAuth error
    ended_at REAL
);

CREATE TABLE puts (
    id INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    upload_id TEXT NOT NULL,
    publish_id TEXT,
    content_range TEXT NOT NULL,
    content_length TEXT NOT NULL,
    content_type TEXT NOT NULL,
    has_authorization INTEGER NOT NULL,
    trouble TEXT,
    status INTEGER,    -- NULL: no answer was sent
    answer_range TEXT,
    bytes_received INTEGER NOT NULL DEFAULT 0,
    last_byte_at REAL,
    ended_at REAL
);
CREATE INDEX puts_of_upload ON puts (upload_id);

CREATE TABLE troubles (
    id INTEGER PRIMARY KEY,
    spec TEXT NOT NULL,  -- JSON
    skip INTEGER NOT NULL,
    times_left INTEGER NOT NULL,
    hits INTEGER NOT NULL
);

-- How often a caption such as "#sandbox:internal:1" has already had its trouble.
CREATE TABLE caption_troubles (
    creator_id INTEGER NOT NULL,
    caption TEXT NOT NULL,
    hits INTEGER NOT NULL,
    PRIMARY KEY (creator_id, caption)
);
{PULLS}
{WEBHOOKS}
"""

# What brings the tables of a version to the next one.
UPGRADES = {
    1: f"""
ALTER TABLE publications ADD COLUMN pulled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE publications ADD COLUMN is_photos INTEGER NOT NULL DEFAULT 0;
ALTER TABLE publications ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE publications ADD COLUMN auto_add_music INTEGER NOT NULL DEFAULT 0;
ALTER TABLE publications ADD COLUMN photo_cover_index INTEGER NOT NULL DEFAULT 0;
{PULLS}""",
    2: WEBHOOKS,
}

# Children before parents, so that a reset never meets a foreign key.
TABLES = (
    "webhooks",
    "caption_troubles",
    "troubles",
    "puts",
    "requests",
    "videos",
    "pulls",
    "uploads",
    "publications",
    "tokens",
    "codes",
    "grants",
    "creators",
    "settings",
)
