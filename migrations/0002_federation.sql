-- What other homes must learn, and how far each has learned it.

-- Signed activities, own and received, each stored once.
CREATE TABLE activity (
    id   BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    jws  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Each peer's log: what is still to be sent there, in order. Rows go when acknowledged; numbers never come back.
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

-- The last number given in each peer's log.
CREATE TABLE peer_log_end (
    home TEXT PRIMARY KEY NOT NULL REFERENCES home (id),
    seq  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where each own post or comment stands on each home: for ticks and the delivery sheet.
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
