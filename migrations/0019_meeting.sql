-- How often this home and another have begun a connection, as far as it was counted on both sides, and the invite by which the present one
-- began: NULL when there is none, or it began before that was counted.
CREATE TABLE meeting (
    home   TEXT PRIMARY KEY NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    times  INTEGER NOT NULL,
    invite TEXT
) STRICT, WITHOUT ROWID;
