-- Generated from migrations/ by the tests of hearth-db (UPDATE_SCHEMA=1); do not edit.

CREATE TABLE activity (
    id   BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    jws  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
    item     BLOB NOT NULL,
    home     TEXT NOT NULL REFERENCES home (id),
    activity BLOB NOT NULL,     -- the newest one sent about it
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'refused')),
    code     TEXT,
    at       INTEGER NOT NULL,
    PRIMARY KEY (item, home)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_by_home ON delivery (home, state);

CREATE TABLE event (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    account BLOB,
    at      INTEGER NOT NULL,
    body    TEXT NOT NULL
) STRICT;

CREATE TABLE home (
    id       TEXT PRIMARY KEY NOT NULL,
    name     TEXT NOT NULL DEFAULT '',
    nickname TEXT NOT NULL DEFAULT '',
    state    TEXT NOT NULL DEFAULT 'heard'
             CHECK (state IN ('own', 'heard', 'pending', 'connected', 'blocked', 'removed'))
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE peer_log (
    home     TEXT NOT NULL REFERENCES home (id),
    seq      INTEGER NOT NULL,
    activity BLOB NOT NULL REFERENCES activity (id),
    item     BLOB,              -- the post or comment that it is about
    at       INTEGER NOT NULL,
    PRIMARY KEY (home, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX peer_log_by_activity ON peer_log (activity);

CREATE INDEX peer_log_by_item ON peer_log (item, home);

CREATE TABLE peer_log_end (
    home TEXT PRIMARY KEY NOT NULL REFERENCES home (id),
    seq  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    id         BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    home       TEXT NOT NULL REFERENCES home (id),
    name       TEXT NOT NULL,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    picture    TEXT,                       -- media hash of the square picture
    findable   INTEGER NOT NULL DEFAULT 0, -- paired homes may list this person
    hlc        TEXT NOT NULL DEFAULT '',   -- of the newest person.update applied
    deleted_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX person_by_home ON person (home);

CREATE INDEX person_by_name ON person (name COLLATE NOCASE);

CREATE TABLE secret (
    name   TEXT PRIMARY KEY NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
