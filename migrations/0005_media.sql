-- Pictures and files, what carries them, uploads under way; notifications and their settings.

-- Files known here by their SHA-256. The bytes lie in the blob store when `stored` is set.
CREATE TABLE media (
    hash        TEXT PRIMARY KEY NOT NULL CHECK (length(hash) = 64),
    kind        TEXT NOT NULL CHECK (kind IN ('image', 'video', 'audio', 'file')),
    mime        TEXT NOT NULL,
    bytes       INTEGER NOT NULL,
    width       INTEGER,
    height      INTEGER,
    placeholder TEXT NOT NULL DEFAULT '',  -- a tiny preview as a data: URL
    captured_at TEXT,                      -- when the camera says the picture was taken, its own local time
    stored      INTEGER NOT NULL,
    used_at     INTEGER NOT NULL           -- last shown: the cache lets go of what was not used longest
) STRICT, WITHOUT ROWID;
CREATE INDEX media_by_use ON media (used_at) WHERE stored = 1;

-- Which accounts of this home stored a file, under what name; it counts against their quota.
CREATE TABLE media_owner (
    account     BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    hash        TEXT NOT NULL REFERENCES media (hash) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    at          INTEGER NOT NULL,
    loose_since INTEGER,                   -- nothing of the account carries it since then; 0: to be erased at once
    PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_owner_by_hash ON media_owner (hash);
CREATE INDEX media_owner_loose ON media_owner (loose_since) WHERE loose_since IS NOT NULL;

-- What carries a file; profiles name theirs in person.picture and profile_picture.
CREATE TABLE attachment (
    kind     TEXT NOT NULL CHECK (kind IN ('post', 'comment', 'draft')),
    item     BLOB NOT NULL CHECK (length(item) = 16),
    position INTEGER NOT NULL,
    hash     TEXT NOT NULL REFERENCES media (hash),
    name     TEXT NOT NULL,
    alt      TEXT NOT NULL,
    caption  TEXT NOT NULL,
    account  BLOB,                         -- the account of this home that attached it
    home     TEXT REFERENCES home (id),    -- else the home to fetch it from
    PRIMARY KEY (kind, item, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_by_hash ON attachment (hash);

-- Uploads under way; their bytes lie in the upload folder.
CREATE TABLE upload (
    id      BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    account BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    name    TEXT NOT NULL,
    bytes   INTEGER NOT NULL,
    at      INTEGER NOT NULL,              -- when bytes last came
    hash    TEXT                           -- the file it became
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_by_time ON upload (at);
CREATE INDEX upload_by_account ON upload (account);

-- Entries of the notification stream: everything of one type about one item, one of them unread.
CREATE TABLE notification (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    account BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    type    TEXT NOT NULL,
    item    TEXT NOT NULL,                 -- what is grouped: post:<id>, comment:<id>, person:<id>, home:<id>, account:<code>
    made_at INTEGER NOT NULL,              -- with seq: the entry's id
    at      INTEGER NOT NULL,              -- of its latest line
    read    INTEGER NOT NULL DEFAULT 0,
    hidden  INTEGER NOT NULL DEFAULT 0     -- only for the machine's own notification; never unread
) STRICT;
CREATE UNIQUE INDEX notification_unread ON notification (account, type, item) WHERE read = 0;
CREATE INDEX notification_by_time ON notification (account, at, seq) WHERE hidden = 0;
CREATE INDEX notification_unread_by_time ON notification (account, at, seq) WHERE read = 0;
CREATE INDEX notification_by_age ON notification (at);

-- What happened, one line each, under its entry.
CREATE TABLE notification_line (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    entry   INTEGER NOT NULL REFERENCES notification (seq) ON DELETE CASCADE,
    actor   BLOB,
    post    BLOB,
    comment BLOB,
    person  BLOB,
    home    TEXT,
    what    TEXT,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX notification_line_by_entry ON notification_line (entry, at, seq);
CREATE INDEX notification_line_by_post ON notification_line (post) WHERE post IS NOT NULL;
CREATE INDEX notification_line_by_comment ON notification_line (comment) WHERE comment IS NOT NULL;
CREATE INDEX notification_line_by_person ON notification_line (person) WHERE person IS NOT NULL;
CREATE INDEX notification_line_by_actor ON notification_line (actor) WHERE actor IS NOT NULL;
CREATE INDEX notification_line_by_home ON notification_line (home) WHERE home IS NOT NULL;

-- Where each type appears, when an account changed that.
CREATE TABLE notification_setting (
    account BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    type    TEXT NOT NULL,
    in_app  INTEGER NOT NULL,
    native  INTEGER NOT NULL,
    PRIMARY KEY (account, type)
) STRICT, WITHOUT ROWID;
