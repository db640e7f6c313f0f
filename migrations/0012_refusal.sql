-- What another home refused that is no post or comment whose delivery is followed: deletions, reactions, words about friendships, profiles.

CREATE TABLE refusal (
    id   INTEGER PRIMARY KEY,       -- in order of refusing
    home TEXT NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    slot TEXT,                      -- what it stated: once a later word on that is taken, this is settled
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    at   INTEGER NOT NULL
) STRICT;
CREATE INDEX refusal_by_home ON refusal (home, id);
CREATE UNIQUE INDEX refusal_by_slot ON refusal (slot, home) WHERE slot IS NOT NULL;
CREATE INDEX refusal_by_at ON refusal (at);
