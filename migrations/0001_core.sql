-- What everything else stands on: this home's facts, sealed secrets, events, homes and people.

-- Single facts of this home: home_id, home_name, epoch, ...
CREATE TABLE meta (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Secrets, each sealed with the master key (XChaCha20-Poly1305, the name as associated data).
CREATE TABLE secret (
    name   TEXT PRIMARY KEY NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The stream of events for windows; pruned, so numbers may begin above 1. account NULL: for everybody here.
CREATE TABLE event (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    account BLOB,
    at      INTEGER NOT NULL,
    body    TEXT NOT NULL
) STRICT;

-- Homes: this one ('own'), paired ones, and those only heard of because a person known here lives there.
CREATE TABLE home (
    id       TEXT PRIMARY KEY NOT NULL,
    name     TEXT NOT NULL DEFAULT '',
    nickname TEXT NOT NULL DEFAULT '',
    state    TEXT NOT NULL DEFAULT 'heard'
             CHECK (state IN ('own', 'heard', 'pending', 'connected', 'blocked', 'removed'))
) STRICT, WITHOUT ROWID;

-- People, local and remote. A remote one is a copy of what their home told.
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
