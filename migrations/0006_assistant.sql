-- The assistant: providers, consent, conversations.

-- Model servers. account NULL: serves everybody of this home. Keys and headers are sealed under 'provider:<id>'.
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
) STRICT, WITHOUT ROWID;

-- What a model turned out not to accept, so that it is asked right the next time.
CREATE TABLE provider_quirk (
    provider BLOB NOT NULL REFERENCES provider (id) ON DELETE CASCADE,
    model    TEXT NOT NULL,
    quirks   TEXT NOT NULL,
    PRIMARY KEY (provider, model)
) STRICT, WITHOUT ROWID;

-- Who agreed to send what is theirs to which provider, at which address.
CREATE TABLE consent (
    account  BLOB NOT NULL REFERENCES person (id),
    provider BLOB NOT NULL REFERENCES provider (id) ON DELETE CASCADE,
    at       INTEGER NOT NULL,
    address  TEXT NOT NULL,
    locality TEXT NOT NULL,
    PRIMARY KEY (account, provider)
) STRICT, WITHOUT ROWID;

-- Default models; account X'' is the home's.
CREATE TABLE default_model (
    account  BLOB PRIMARY KEY NOT NULL,
    provider BLOB NOT NULL REFERENCES provider (id) ON DELETE CASCADE,
    model    TEXT NOT NULL
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
CREATE INDEX chat_by_last ON chat (account, archived, pinned DESC, last_message_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX chat_by_deletion ON chat (deleted_at) WHERE deleted_at IS NOT NULL;

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
CREATE UNIQUE INDEX chat_message_by_op ON chat_message (op) WHERE op IS NOT NULL;
CREATE INDEX chat_message_unfinished ON chat_message (state)
    WHERE state IN ('queued', 'retrieving', 'loading_model', 'waiting', 'streaming', 'awaiting_approval');
CREATE INDEX chat_message_by_deletion ON chat_message (deleted_at) WHERE deleted_at IS NOT NULL;

-- Unsent text; chat X'' is the new conversation.
CREATE TABLE chat_draft (
    account BLOB NOT NULL REFERENCES person (id),
    chat    BLOB NOT NULL,
    text    TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (account, chat)
) STRICT, WITHOUT ROWID;
