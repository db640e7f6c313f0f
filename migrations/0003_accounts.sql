-- Accounts of this home: sign-in, second factor, sessions, invites; and what profiles say.

CREATE TABLE account (
    person       BLOB PRIMARY KEY NOT NULL REFERENCES person (id),
    username     TEXT NOT NULL,             -- as typed; empty once erased
    username_key TEXT UNIQUE,               -- folded, for comparing; NULL once erased
    role         TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    state        TEXT NOT NULL CHECK (state IN ('active', 'suspended', 'deleting', 'deleted')),
    birth_date   TEXT NOT NULL,
    settings     TEXT NOT NULL,             -- JSON
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    deletes_at   INTEGER                    -- while deleting: when it becomes final
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_one_owner ON account (role) WHERE role = 'owner';
CREATE INDEX account_due ON account (deletes_at) WHERE state = 'deleting';

-- How an account proves itself. The TOTP secret is in `secret`, sealed.
CREATE TABLE credential (
    person        BLOB PRIMARY KEY NOT NULL REFERENCES account (person),
    password      TEXT NOT NULL,              -- Argon2id, PHC string
    totp          INTEGER NOT NULL DEFAULT 0, -- a code is asked at sign-in
    totp_step     INTEGER NOT NULL DEFAULT 0, -- time step of the last code used: none is taken twice
    totp_begun_at INTEGER                     -- an unfinished set-up
) STRICT, WITHOUT ROWID;

-- Recovery codes not used yet, hashed.
CREATE TABLE recovery_code (
    person BLOB NOT NULL REFERENCES account (person),
    hash   BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (person, hash)
) STRICT, WITHOUT ROWID;

-- Sign-ins. Only the SHA-256 of a token is kept.
CREATE TABLE session (
    id           BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    token        BLOB NOT NULL UNIQUE CHECK (length(token) = 32),
    person       BLOB NOT NULL REFERENCES account (person),
    device       TEXT NOT NULL,
    address      TEXT NOT NULL,
    started_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_person ON session (person);

-- Failed attempts to prove who one is, by hash of whom or from where.
CREATE TABLE attempt (
    subject       BLOB PRIMARY KEY NOT NULL CHECK (length(subject) = 32),
    failures      INTEGER NOT NULL,
    last_at       INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Invites to an account. Only the SHA-256 of a code is kept; a used one stays for a while, to say so.
CREATE TABLE account_invite (
    id         BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    code       BLOB NOT NULL UNIQUE CHECK (length(code) = 32),
    role       TEXT NOT NULL CHECK (role IN ('admin', 'member')),
    note       TEXT NOT NULL,
    created_by BLOB NOT NULL REFERENCES account (person),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER                      -- accepted or withdrawn
) STRICT, WITHOUT ROWID;

-- What profiles say, of local people all, of remote ones what their home told. The value of a local `picture`, `username`,
-- `birthday` and `birth_year` is empty: it follows from person and account.
CREATE TABLE profile_field (
    person   BLOB NOT NULL REFERENCES person (id),
    field    TEXT NOT NULL,
    value    TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('me', 'local', 'friends', 'public')),
    PRIMARY KEY (person, field)
) STRICT, WITHOUT ROWID;

-- The image that a person's square picture was cut from.
CREATE TABLE profile_picture (
    person   BLOB PRIMARY KEY NOT NULL REFERENCES person (id),
    original TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX profile_picture_by_original ON profile_picture (original);
CREATE INDEX person_by_picture ON person (picture) WHERE picture IS NOT NULL;

-- Which homes were told of a local person, and a digest of what: so that changes, and only changes, follow.
CREATE TABLE profile_told (
    person BLOB NOT NULL REFERENCES person (id),
    home   TEXT NOT NULL REFERENCES home (id),
    digest BLOB NOT NULL,
    PRIMARY KEY (person, home)
) STRICT, WITHOUT ROWID;
CREATE INDEX profile_told_by_home ON profile_told (home);
