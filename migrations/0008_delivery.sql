-- What waits for another home: one row for each thing that changes, what may be on its way, what is not told yet; and secrets that are renewed.

ALTER TABLE peer_log ADD COLUMN slot TEXT;                       -- names what it states: of one slot only the newest need arrive
ALTER TABLE peer_log ADD COLUMN fresh INTEGER NOT NULL DEFAULT 0; -- the home had nothing of the item before
CREATE INDEX peer_log_by_slot ON peer_log (slot, home, seq) WHERE slot IS NOT NULL;

-- Highest numbers that may have left: pushed by this home, offered to one that fetches. What may have left is not changed any more.
ALTER TABLE peer_log_end ADD COLUMN pushed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE peer_log_end ADD COLUMN offered INTEGER NOT NULL DEFAULT 0;
UPDATE peer_log_end SET pushed = seq;

-- Up to which number a home knows what became of its log here; only while that is less than what was fetched.
CREATE TABLE untold (
    home   TEXT PRIMARY KEY NOT NULL REFERENCES home (id),
    seq    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Renewing secrets. A secret that is not usable is accepted, but does not sign: the other home may not have it.
ALTER TABLE pair_secret ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pair_secret ADD COLUMN usable INTEGER NOT NULL DEFAULT 1;
ALTER TABLE pair_secret ADD COLUMN answered_at INTEGER;          -- first answer to a request signed with it
ALTER TABLE pair_secret ADD COLUMN received_at INTEGER;          -- first request received that was signed with it
