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

-- What is known of a paired home, beside its row in `home`.
CREATE TABLE peer (
    home            TEXT PRIMARY KEY NOT NULL REFERENCES home (id),
    addresses       TEXT NOT NULL,              -- JSON list of addresses, best first
    their_epoch     TEXT,                       -- of the log that received_seq counts
    received_seq    INTEGER NOT NULL DEFAULT 0, -- highest of their log durably handled here
    acked_seq       INTEGER NOT NULL DEFAULT 0, -- highest of our log durably handled there
    version         TEXT NOT NULL DEFAULT '',
    contact         BLOB,                       -- the person who paired there
    connected_at    INTEGER NOT NULL,
    words           TEXT,                       -- JSON; NULL once compared here
    last_contact    INTEGER,
    last_error      TEXT,
    failures        INTEGER NOT NULL DEFAULT 0,
    next_try        INTEGER,
    clock_offset_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Names of the secrets shared with a home; the secrets are sealed under 'pair:<key_id>'. The newest signs.
CREATE TABLE pair_secret (
    key_id     TEXT PRIMARY KEY NOT NULL,
    home       TEXT NOT NULL REFERENCES home (id),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pair_secret_by_home ON pair_secret (home, created_at);

-- Invites to pair with this home; the tokens are sealed under 'invite:<id>'.
CREATE TABLE home_invite (
    id         BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    public_id  TEXT NOT NULL UNIQUE,            -- derived from the token, on the wire
    person     BLOB NOT NULL REFERENCES person (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by    TEXT,
    cancelled  INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Once-only values of signed requests, kept as long as the clock check would let the same request pass again.
CREATE TABLE nonce (
    home  TEXT NOT NULL,
    nonce BLOB NOT NULL CHECK (length(nonce) = 16),
    at    INTEGER NOT NULL,     -- when it came
    PRIMARY KEY (home, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX nonce_by_at ON nonce (at);

-- Received activities that are not applied: waiting for another, ready to be tried again because that came, or refused.
CREATE TABLE inbox (
    id       INTEGER PRIMARY KEY,       -- in order of arrival
    home     TEXT NOT NULL REFERENCES home (id),
    digest   BLOB NOT NULL CHECK (length(digest) = 32), -- SHA-256 of the text as it came
    activity BLOB,                      -- its id, as it says; NULL if it cannot be read
    kind     TEXT NOT NULL,
    jws      TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'ready', 'refused')),
    waits_on BLOB,
    code     TEXT,                      -- why it was refused
    at       INTEGER NOT NULL,
    UNIQUE (home, digest)
) STRICT;
CREATE INDEX inbox_by_waits_on ON inbox (waits_on) WHERE state = 'waiting';
CREATE INDEX inbox_by_home ON inbox (home, state, id);
CREATE INDEX inbox_by_at ON inbox (at);
CREATE INDEX inbox_ready ON inbox (id) WHERE state = 'ready';
