-- Bounds for what one other home can make this one keep.

-- Who sent a deletion or retraction of something that never was here; NULL when it was here, or was deleted here.
ALTER TABLE tombstone ADD COLUMN unknown_from TEXT;
CREATE INDEX tombstone_by_sender ON tombstone (unknown_from, at) WHERE unknown_from IS NOT NULL;

-- The length of the text in bytes.
ALTER TABLE inbox ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
UPDATE inbox SET bytes = length(CAST(jws AS BLOB));
CREATE INDEX inbox_size ON inbox (home, state, bytes);

CREATE INDEX parting_by_at ON parting (at);
