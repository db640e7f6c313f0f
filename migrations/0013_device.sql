-- Other devices that may reach the home over the network, each connected by a code that was shown on a screen of the home.

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

-- The device that a session belongs to; it counts over the network and from there alone.
ALTER TABLE session ADD COLUMN paired BLOB REFERENCES device (id) ON DELETE CASCADE;
CREATE INDEX session_by_paired ON session (paired) WHERE paired IS NOT NULL;
