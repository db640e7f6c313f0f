-- What a home knows of the last word on everything that travels, so that homes can compare after one was restored.

-- The newest effective word on each thing that travels: a post, a comment, somebody's reaction, a person's profile, a word about a
-- friendship. Its text is in `activity`.
CREATE TABLE slot (
    id       BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    activity BLOB NOT NULL,
    kind     TEXT NOT NULL,
    home     TEXT NOT NULL,     -- of its author
    about    TEXT NOT NULL,     -- of the post that it belongs to, or of whom it speaks to; else of its author
    post     BLOB,              -- what it belongs to
    hlc      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX slot_by_home ON slot (home, id);
CREATE INDEX slot_by_about ON slot (about, id);
CREATE INDEX slot_by_post ON slot (post) WHERE post IS NOT NULL;
CREATE INDEX slot_by_activity ON slot (activity);

INSERT INTO slot (id, activity, kind, home, about, post, hlc)
    SELECT p.id, p.activity, 'post.put', p.home, p.home, p.id, p.hlc
    FROM post p JOIN activity a ON a.id = p.activity;
INSERT INTO slot (id, activity, kind, home, about, post, hlc)
    SELECT c.id, c.activity, a.kind, w.home, p.home, c.post, c.hlc
    FROM comment c JOIN activity a ON a.id = c.activity JOIN post p ON p.id = c.post JOIN person w ON w.id = c.author;

-- The lives of another home's database, as far as they were seen here.
CREATE TABLE peer_life (
    home      TEXT PRIMARY KEY NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    epoch     TEXT NOT NULL,
    starts    INTEGER NOT NULL,     -- how often that life was started, when last told
    runs      TEXT NOT NULL,        -- JSON list of the names of its runs, newest last
    earlier   TEXT NOT NULL,        -- JSON list of earlier epochs, newest last
    cloned_at INTEGER               -- when two copies of it were last seen to run at once
) STRICT, WITHOUT ROWID;

-- Comparing with another home after either was restored.
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
) STRICT, WITHOUT ROWID;
