-- Connections that cover only something, and leave-taking that the other home has not heard of yet.

-- What a home is connected for, when it is not connected as a whole: nothing else goes there or is taken from there. A connected
-- home without a row here is connected as a whole.
CREATE TABLE subscription (
    home   TEXT NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    kind   TEXT NOT NULL CHECK (kind IN ('group', 'page', 'event', 'person')),
    target BLOB NOT NULL CHECK (length(target) = 16),
    at     INTEGER NOT NULL,
    PRIMARY KEY (home, kind, target)
) STRICT, WITHOUT ROWID;

-- What an invite opens: everything, or one thing.
ALTER TABLE home_invite ADD COLUMN scope TEXT NOT NULL DEFAULT 'full'
    CHECK (scope IN ('full', 'group', 'page', 'event', 'person'));
ALTER TABLE home_invite ADD COLUMN target BLOB;

-- By the name of a secret that was destroyed, what to tell who still uses it: this home's signed word that the connection ended.
CREATE TABLE parting (
    key_id TEXT PRIMARY KEY NOT NULL,
    home   TEXT NOT NULL REFERENCES home (id),
    jws    TEXT NOT NULL,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX parting_by_home ON parting (home);
