-- Generated from migrations/ by the tests of hearth-db (UPDATE_SCHEMA=1); do not edit.

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

CREATE INDEX account_due ON account (deletes_at) WHERE state = 'deleting';

CREATE UNIQUE INDEX account_one_owner ON account (role) WHERE role = 'owner';

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

CREATE TABLE activity (
    id   BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    jws  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE attempt (
    subject       BLOB PRIMARY KEY NOT NULL CHECK (length(subject) = 32),
    failures      INTEGER NOT NULL,
    last_at       INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE backlog (
    author   BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    home     TEXT NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    after_at INTEGER NOT NULL,
    after_id BLOB NOT NULL,
    PRIMARY KEY (home, author)
) STRICT, WITHOUT ROWID;

CREATE TABLE chat (
    id              BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    account         BLOB NOT NULL REFERENCES person (id),
    title           TEXT NOT NULL,
    titled_by_hand  INTEGER NOT NULL DEFAULT 0,
    pinned          INTEGER NOT NULL DEFAULT 0,
    archived        INTEGER NOT NULL DEFAULT 0,
    provider        BLOB,
    model           TEXT,
    last_message_at INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX chat_by_deletion ON chat (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE INDEX chat_by_last ON chat (account, archived, pinned DESC, last_message_at DESC, id) WHERE deleted_at IS NULL;

CREATE TABLE chat_draft (
    account BLOB NOT NULL REFERENCES person (id),
    chat    BLOB NOT NULL,
    text    TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (account, chat)
) STRICT, WITHOUT ROWID;

CREATE TABLE chat_message (
    id            BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    chat          BLOB NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
    n             INTEGER NOT NULL,           -- order within the conversation
    role          TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
    op            BLOB,                       -- the client's id of sending it
    text          TEXT NOT NULL,
    reasoning     TEXT NOT NULL DEFAULT '',
    state         TEXT NOT NULL,
    error         TEXT,
    error_message TEXT,
    at            INTEGER NOT NULL,
    info          TEXT,                       -- JSON: what is kept about an answer
    rating        INTEGER NOT NULL DEFAULT 0,
    deleted_at    INTEGER,
    UNIQUE (chat, n)
) STRICT, WITHOUT ROWID;

CREATE INDEX chat_message_by_deletion ON chat_message (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE UNIQUE INDEX chat_message_by_op ON chat_message (op) WHERE op IS NOT NULL;

CREATE INDEX chat_message_unfinished ON chat_message (state)
    WHERE state IN ('queued', 'retrieving', 'loading_model', 'waiting', 'streaming', 'awaiting_approval');

CREATE TABLE comment (
    id         BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    post       BLOB NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    parent     BLOB,
    depth      INTEGER NOT NULL CHECK (depth BETWEEN 1 AND 8),
    author     BLOB NOT NULL REFERENCES person (id),
    text       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    edited_at  INTEGER,
    version    INTEGER NOT NULL,
    hlc        TEXT NOT NULL,
    activity   BLOB,                       -- the newest comment.put
    accepted   INTEGER NOT NULL,           -- 0: waits for the post's home
    deleted    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX comment_by_author ON comment (author);

CREATE INDEX comment_by_post ON comment (post, created_at, id);

CREATE TABLE consent (
    account  BLOB NOT NULL REFERENCES person (id),
    provider BLOB NOT NULL REFERENCES provider (id) ON DELETE CASCADE,
    at       INTEGER NOT NULL,
    address  TEXT NOT NULL,
    locality TEXT NOT NULL,
    PRIMARY KEY (account, provider)
) STRICT, WITHOUT ROWID;

CREATE TABLE credential (
    person        BLOB PRIMARY KEY NOT NULL REFERENCES account (person),
    password      TEXT NOT NULL,              -- Argon2id, PHC string
    totp          INTEGER NOT NULL DEFAULT 0, -- a code is asked at sign-in
    totp_step     INTEGER NOT NULL DEFAULT 0, -- time step of the last code used: none is taken twice
    totp_begun_at INTEGER                     -- an unfinished set-up
) STRICT, WITHOUT ROWID;

CREATE TABLE default_model (
    account  BLOB PRIMARY KEY NOT NULL,
    provider BLOB NOT NULL REFERENCES provider (id) ON DELETE CASCADE,
    model    TEXT NOT NULL
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

CREATE INDEX delivery_waiting_there ON delivery (home, activity) WHERE code = 'waiting_there';

CREATE TABLE device (
    id           BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    token        BLOB NOT NULL UNIQUE CHECK (length(token) = 32),   -- hash of what the device holds
    person       BLOB NOT NULL REFERENCES account (person),         -- who showed it the code
    name         TEXT NOT NULL,
    made_at      INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX device_by_person ON device (person);

CREATE TABLE device_code (
    person BLOB PRIMARY KEY NOT NULL REFERENCES account (person),   -- one at a time
    code   BLOB NOT NULL UNIQUE CHECK (length(code) = 32),          -- hash
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
    id       BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    account  BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    place    TEXT NOT NULL,
    text     TEXT NOT NULL,
    audience TEXT NOT NULL,
    saved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX draft_by_account ON draft (account, saved_at, id);

CREATE TABLE event (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    account BLOB,
    at      INTEGER NOT NULL,
    body    TEXT NOT NULL
) STRICT;

CREATE TABLE friend_word (
    person   BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    other    BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    word     TEXT NOT NULL CHECK (word IN ('request', 'accept', 'cancel', 'decline', 'remove')),
    note     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    hlc      TEXT NOT NULL,
    removed  TEXT NOT NULL DEFAULT '',     -- hybrid logical clock of the last 'remove'
    declined INTEGER,                      -- when 'decline' was last said
    PRIMARY KEY (person, other)
) STRICT, WITHOUT ROWID;

CREATE INDEX friend_word_to ON friend_word (other, word);

CREATE TABLE friendship (
    person BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    other  BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    since  INTEGER NOT NULL,
    PRIMARY KEY (person, other)
) STRICT, WITHOUT ROWID;

CREATE INDEX friendship_other ON friendship (other);

CREATE TABLE home (
    id       TEXT PRIMARY KEY NOT NULL,
    name     TEXT NOT NULL DEFAULT '',
    nickname TEXT NOT NULL DEFAULT '',
    state    TEXT NOT NULL DEFAULT 'heard'
             CHECK (state IN ('own', 'heard', 'pending', 'connected', 'blocked', 'removed'))
) STRICT, WITHOUT ROWID;

CREATE INDEX home_by_state ON home (state);

CREATE TABLE home_invite (
    id         BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    public_id  TEXT NOT NULL UNIQUE,            -- derived from the token, on the wire
    person     BLOB NOT NULL REFERENCES person (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by    TEXT,
    cancelled  INTEGER NOT NULL DEFAULT 0
, scope TEXT NOT NULL DEFAULT 'full'
    CHECK (scope IN ('full', 'group', 'page', 'event', 'person')), target BLOB) STRICT, WITHOUT ROWID;

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
    at       INTEGER NOT NULL, bytes INTEGER NOT NULL DEFAULT 0,
    UNIQUE (home, digest)
) STRICT;

CREATE INDEX inbox_by_at ON inbox (at);

CREATE INDEX inbox_by_home ON inbox (home, state, id);

CREATE INDEX inbox_by_waits_on ON inbox (waits_on) WHERE state = 'waiting';

CREATE INDEX inbox_ready ON inbox (id) WHERE state = 'ready';

CREATE INDEX inbox_size ON inbox (home, state, bytes);

CREATE TABLE item_activity (
    item     BLOB NOT NULL,
    activity BLOB NOT NULL,
    PRIMARY KEY (item, activity)
) STRICT, WITHOUT ROWID;

CREATE TABLE kept_reader (
    reader BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    author BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    friend INTEGER NOT NULL,    -- 0: what was for everybody only
    PRIMARY KEY (reader, author)
) STRICT, WITHOUT ROWID;

CREATE INDEX kept_reader_by_author ON kept_reader (author);

CREATE TABLE later (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    home   TEXT NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    digest BLOB NOT NULL CHECK (length(digest) = 32),   -- SHA-256 of the text as it came
    code   TEXT,                                        -- why it was refused; NULL when it was applied
    at     INTEGER NOT NULL
) STRICT;

CREATE INDEX later_by_at ON later (at);

CREATE INDEX later_by_home ON later (home, id);

CREATE TABLE later_early (
    home     TEXT NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    activity BLOB NOT NULL,
    code     TEXT,
    PRIMARY KEY (home, activity)
) STRICT, WITHOUT ROWID;

CREATE TABLE later_heard (
    home  TEXT PRIMARY KEY NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    epoch TEXT NOT NULL,
    id    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE meeting (
    home   TEXT PRIMARY KEY NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    times  INTEGER NOT NULL,
    invite TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE mention (
    item    BLOB NOT NULL,
    person  BLOB NOT NULL,
    post    BLOB NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    name    TEXT NOT NULL,                 -- as the author's home knew it
    present INTEGER NOT NULL,              -- whether the present text names them
    removed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (item, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX mention_by_post ON mention (post);

CREATE TABLE meta (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE nonce (
    home  TEXT NOT NULL,
    nonce BLOB NOT NULL CHECK (length(nonce) = 16),
    at    INTEGER NOT NULL,     -- when it came
    PRIMARY KEY (home, nonce)
) STRICT, WITHOUT ROWID;

CREATE INDEX nonce_by_at ON nonce (at);

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

CREATE INDEX notification_by_age ON notification (at);

CREATE INDEX notification_by_time ON notification (account, at, seq) WHERE hidden = 0;

CREATE UNIQUE INDEX notification_unread ON notification (account, type, item) WHERE read = 0;

CREATE INDEX notification_unread_by_time ON notification (account, at, seq) WHERE read = 0;

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

CREATE INDEX notification_line_by_actor ON notification_line (actor) WHERE actor IS NOT NULL;

CREATE INDEX notification_line_by_comment ON notification_line (comment) WHERE comment IS NOT NULL;

CREATE INDEX notification_line_by_entry ON notification_line (entry, at, seq);

CREATE INDEX notification_line_by_home ON notification_line (home) WHERE home IS NOT NULL;

CREATE INDEX notification_line_by_person ON notification_line (person) WHERE person IS NOT NULL;

CREATE INDEX notification_line_by_post ON notification_line (post) WHERE post IS NOT NULL;

CREATE TABLE notification_setting (
    account BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    type    TEXT NOT NULL,
    in_app  INTEGER NOT NULL,
    native  INTEGER NOT NULL,
    PRIMARY KEY (account, type)
) STRICT, WITHOUT ROWID;

CREATE TABLE operation (
    account BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    op      BLOB NOT NULL,
    item    BLOB NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (account, op)
) STRICT, WITHOUT ROWID;

CREATE INDEX operation_by_time ON operation (at);

CREATE TABLE pair_secret (
    key_id     TEXT PRIMARY KEY NOT NULL,
    home       TEXT NOT NULL REFERENCES home (id),
    created_at INTEGER NOT NULL
, generation INTEGER NOT NULL DEFAULT 0, usable INTEGER NOT NULL DEFAULT 1, answered_at INTEGER, received_at INTEGER, used_at INTEGER, doubted_at INTEGER) STRICT, WITHOUT ROWID;

CREATE INDEX pair_secret_by_home ON pair_secret (home, created_at);

CREATE TABLE parameters (
    account    BLOB NOT NULL REFERENCES person (id),
    scope      BLOB NOT NULL,
    parameters TEXT NOT NULL,
    PRIMARY KEY (account, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE parting (
    key_id TEXT PRIMARY KEY NOT NULL,
    home   TEXT NOT NULL REFERENCES home (id),
    jws    TEXT NOT NULL,
    at     INTEGER NOT NULL
, addresses TEXT, tried_at INTEGER) STRICT, WITHOUT ROWID;

CREATE INDEX parting_by_at ON parting (at);

CREATE INDEX parting_by_home ON parting (home);

CREATE TABLE password_code (
    person BLOB PRIMARY KEY NOT NULL REFERENCES account (person),   -- one at a time
    code   BLOB NOT NULL UNIQUE CHECK (length(code) = 32),          -- hash
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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
, received_run TEXT, own_epoch TEXT) STRICT, WITHOUT ROWID;

CREATE TABLE peer_life (
    home      TEXT PRIMARY KEY NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    epoch     TEXT NOT NULL,
    starts    INTEGER NOT NULL,     -- how often that life was started, when last told
    runs      TEXT NOT NULL,        -- JSON list of the names of its runs, newest last
    earlier   TEXT NOT NULL,        -- JSON list of earlier epochs, newest last
    cloned_at INTEGER               -- when two copies of it were last seen to run at once
) STRICT, WITHOUT ROWID;

CREATE TABLE peer_log (
    home     TEXT NOT NULL REFERENCES home (id),
    seq      INTEGER NOT NULL,
    activity BLOB NOT NULL REFERENCES activity (id),
    item     BLOB,              -- the post or comment that it is about
    at       INTEGER NOT NULL, slot TEXT, fresh INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (home, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX peer_log_by_activity ON peer_log (activity);

CREATE INDEX peer_log_by_item ON peer_log (item, home);

CREATE INDEX peer_log_by_slot ON peer_log (slot, home, seq) WHERE slot IS NOT NULL;

CREATE TABLE peer_log_end (
    home TEXT PRIMARY KEY NOT NULL REFERENCES home (id),
    seq  INTEGER NOT NULL
, pushed INTEGER NOT NULL DEFAULT 0, offered INTEGER NOT NULL DEFAULT 0, retracted INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    id         BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    home       TEXT NOT NULL REFERENCES home (id),
    name       TEXT NOT NULL,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    picture    TEXT,                       -- media hash of the square picture
    findable   INTEGER NOT NULL DEFAULT 0, -- paired homes may list this person
    hlc        TEXT NOT NULL DEFAULT '',   -- of the newest person.update applied
    deleted_at INTEGER
, frozen INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE INDEX person_by_home ON person (home);

CREATE INDEX person_by_name ON person (name COLLATE NOCASE);

CREATE INDEX person_by_picture ON person (picture) WHERE picture IS NOT NULL;

CREATE TABLE post (
    id          BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    author      BLOB NOT NULL REFERENCES person (id),
    home        TEXT NOT NULL REFERENCES home (id),
    audience    TEXT NOT NULL CHECK (audience IN ('me', 'local', 'friends', 'public')),
    text        TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    edited_at   INTEGER,
    version     INTEGER NOT NULL,
    comments_on INTEGER NOT NULL,
    hlc         TEXT NOT NULL,             -- of the newest post.put
    control_hlc TEXT NOT NULL,             -- of what last said whether comments are on
    activity    BLOB                       -- the newest post.put, when it was signed for or by another home
, kept INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX post_by_author ON post (author, created_at, id);

CREATE INDEX post_by_home ON post (home);

CREATE INDEX post_kept ON post (author) WHERE kept = 1;

CREATE INDEX post_local ON post (created_at, id) WHERE audience = 'local';

CREATE INDEX post_public ON post (created_at, id, author) WHERE audience = 'public';

CREATE INDEX post_shared ON post (author, created_at, id) WHERE audience IN ('friends', 'public');

CREATE TABLE profile_field (
    person   BLOB NOT NULL REFERENCES person (id),
    field    TEXT NOT NULL,
    value    TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('me', 'local', 'friends', 'public')),
    PRIMARY KEY (person, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE profile_picture (
    person   BLOB PRIMARY KEY NOT NULL REFERENCES person (id),
    original TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX profile_picture_by_original ON profile_picture (original);

CREATE TABLE profile_told (
    person BLOB NOT NULL REFERENCES person (id),
    home   TEXT NOT NULL REFERENCES home (id),
    digest BLOB NOT NULL,
    PRIMARY KEY (person, home)
) STRICT, WITHOUT ROWID;

CREATE INDEX profile_told_by_home ON profile_told (home);

CREATE TABLE provider (
    id         BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    account    BLOB REFERENCES person (id),
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('ollama', 'open_ai')),
    profile    TEXT NOT NULL DEFAULT 'generic',
    base_url   TEXT NOT NULL,
    has_key    INTEGER NOT NULL DEFAULT 0,
    locality   TEXT NOT NULL DEFAULT 'unknown' CHECK (locality IN ('local', 'lan', 'remote', 'unknown')),
    online     INTEGER,
    last_error TEXT,
    checked_at INTEGER,
    models     TEXT NOT NULL DEFAULT '[]',  -- JSON, as last listed
    created_at INTEGER NOT NULL
, limits TEXT NOT NULL DEFAULT '{}') STRICT, WITHOUT ROWID;

CREATE TABLE provider_model (
    provider     BLOB NOT NULL REFERENCES provider (id) ON DELETE CASCADE,
    model        TEXT NOT NULL,
    by_hand      INTEGER NOT NULL DEFAULT 0,
    context      INTEGER,
    capabilities TEXT,                        -- JSON
    PRIMARY KEY (provider, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE provider_quirk (
    provider BLOB NOT NULL REFERENCES provider (id) ON DELETE CASCADE,
    model    TEXT NOT NULL,
    quirks   TEXT NOT NULL,
    PRIMARY KEY (provider, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE reaction (
    item     BLOB NOT NULL,                -- a post or a comment
    person   BLOB NOT NULL REFERENCES person (id),
    post     BLOB NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    emoji    TEXT,
    at       INTEGER NOT NULL,
    hlc      TEXT NOT NULL,
    activity BLOB,
    PRIMARY KEY (item, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX reaction_by_person ON reaction (person);

CREATE INDEX reaction_by_post ON reaction (post);

CREATE TABLE reconcile (
    home       TEXT PRIMARY KEY NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    restored   TEXT NOT NULL CHECK (restored IN ('here', 'there')),
    phase      TEXT NOT NULL CHECK (phase IN ('fetch', 'give', 'done')),
    after      BLOB,                -- the last thing compared in this phase
    pass       INTEGER NOT NULL,    -- how often everything was looked at in this phase
    news       INTEGER NOT NULL,    -- what this pass brought
    fetched    INTEGER NOT NULL,
    aside      INTEGER NOT NULL,    -- what came but could not be taken
    seen_until INTEGER,             -- up to when that home had been answered by this one before
    begun_at   INTEGER NOT NULL,
    done_at    INTEGER
, effort INTEGER NOT NULL DEFAULT 0, given_up INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_code (
    person BLOB NOT NULL REFERENCES account (person),
    hash   BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (person, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE refusal (
    id   INTEGER PRIMARY KEY,       -- in order of refusing
    home TEXT NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    slot TEXT,                      -- what it stated: once a later word on that is taken, this is settled
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    at   INTEGER NOT NULL
) STRICT;

CREATE INDEX refusal_by_at ON refusal (at);

CREATE INDEX refusal_by_home ON refusal (home, id);

CREATE UNIQUE INDEX refusal_by_slot ON refusal (slot, home) WHERE slot IS NOT NULL;

CREATE TABLE secret (
    name   TEXT PRIMARY KEY NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    id           BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    token        BLOB NOT NULL UNIQUE CHECK (length(token) = 32),
    person       BLOB NOT NULL REFERENCES account (person),
    device       TEXT NOT NULL,
    address      TEXT NOT NULL,
    started_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL
, paired BLOB REFERENCES device (id) ON DELETE CASCADE) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_paired ON session (paired) WHERE paired IS NOT NULL;

CREATE INDEX session_by_person ON session (person);

CREATE TABLE slot (
    id       BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    activity BLOB NOT NULL,
    kind     TEXT NOT NULL,
    home     TEXT NOT NULL,     -- of its author
    about    TEXT NOT NULL,     -- of the post that it belongs to, or of whom it speaks to; else of its author
    post     BLOB,              -- what it belongs to
    hlc      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX slot_by_about ON slot (about, id);

CREATE INDEX slot_by_activity ON slot (activity);

CREATE INDEX slot_by_home ON slot (home, id);

CREATE INDEX slot_by_post ON slot (post) WHERE post IS NOT NULL;

CREATE TABLE subscription (
    home   TEXT NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    kind   TEXT NOT NULL CHECK (kind IN ('group', 'page', 'event', 'person')),
    target BLOB NOT NULL CHECK (length(target) = 16),
    at     INTEGER NOT NULL,
    PRIMARY KEY (home, kind, target)
) STRICT, WITHOUT ROWID;

CREATE TABLE taking_back (
    home     TEXT NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    activity BLOB NOT NULL,     -- the retraction
    item     BLOB NOT NULL,
    PRIMARY KEY (home, activity, item)
) STRICT, WITHOUT ROWID;

CREATE INDEX taking_back_by_item ON taking_back (item, home);

CREATE TABLE tombstone (
    item  BLOB NOT NULL,
    by    BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('deleted', 'retracted')),
    hlc   TEXT NOT NULL,
    at    INTEGER NOT NULL, unknown_from TEXT,
    PRIMARY KEY (item, by)
) STRICT, WITHOUT ROWID;

CREATE INDEX tombstone_by_sender ON tombstone (unknown_from, at) WHERE unknown_from IS NOT NULL;

CREATE TABLE untold (
    home   TEXT PRIMARY KEY NOT NULL REFERENCES home (id),
    seq    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE upload (
    id      BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    account BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    name    TEXT NOT NULL,
    bytes   INTEGER NOT NULL,
    at      INTEGER NOT NULL,              -- when bytes last came
    hash    TEXT                           -- the file it became
) STRICT, WITHOUT ROWID;

CREATE INDEX upload_by_account ON upload (account);

CREATE INDEX upload_by_time ON upload (at);

CREATE TABLE version (
    item     BLOB NOT NULL,
    version  INTEGER NOT NULL,
    post     BLOB NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    audience TEXT NOT NULL,
    text     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (item, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX version_by_post ON version (post);
