-- Copies that are being taken back from other homes, until these have answered.

-- Which posts a retraction in a home's log names. Of a post that the home cannot have yet there is no row. Nor is there one for what waited
-- before this migration: it is taken back all the same, but its posts do not say so.
CREATE TABLE taking_back (
    home     TEXT NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    activity BLOB NOT NULL,     -- the retraction
    item     BLOB NOT NULL,
    PRIMARY KEY (home, activity, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX taking_back_by_item ON taking_back (item, home);

-- The number of the last retraction in each log: what waits before it is taken back with what it belongs to.
ALTER TABLE peer_log_end ADD COLUMN retracted INTEGER NOT NULL DEFAULT 0;
UPDATE peer_log_end SET retracted = coalesce(
    (SELECT max(l.seq) FROM peer_log l JOIN activity a ON a.id = l.activity
     WHERE l.home = peer_log_end.home AND a.kind = 'post.retract'), 0);

-- Comparing with a home that always has more ends by itself.
ALTER TABLE reconcile ADD COLUMN effort INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reconcile ADD COLUMN given_up INTEGER NOT NULL DEFAULT 0;

-- What is known of a person of a removed home of whom posts are kept: it stays as it was.
ALTER TABLE person ADD COLUMN frozen INTEGER NOT NULL DEFAULT 0;
