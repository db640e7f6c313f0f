-- What stays of a home that was removed, when its admins chose so; and what is told later of what had to wait.

-- A copy that may only be read: the home that it came from was removed.
ALTER TABLE post ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
CREATE INDEX post_kept ON post (author) WHERE kept = 1;

-- Who may read these: the people here as they stood towards their authors when that home was removed.
CREATE TABLE kept_reader (
    reader BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    author BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    friend INTEGER NOT NULL,    -- 0: what was for everybody only
    PRIMARY KEY (reader, author)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_reader_by_author ON kept_reader (author);

-- What became of another home's activities that had to wait here, until that home has heard it. Numbers are never used again.
CREATE TABLE later (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    home   TEXT NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    digest BLOB NOT NULL CHECK (length(digest) = 32),   -- SHA-256 of the text as it came
    code   TEXT,                                        -- why it was refused; NULL when it was applied
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX later_by_home ON later (home, id);
CREATE INDEX later_by_at ON later (at);

-- Up to which of the other home's numbers this home has heard that, and in which life of its database they were given.
CREATE TABLE later_heard (
    home  TEXT PRIMARY KEY NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    epoch TEXT NOT NULL,
    id    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A word about something whose own answer has not been handled here yet.
CREATE TABLE later_early (
    home     TEXT NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    activity BLOB NOT NULL,
    code     TEXT,
    PRIMARY KEY (home, activity)
) STRICT, WITHOUT ROWID;

-- What waits at another home, by what was sent.
CREATE INDEX delivery_waiting_there ON delivery (home, activity) WHERE code = 'waiting_there';
