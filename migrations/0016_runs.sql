-- From which run of another home's program the numbers come that were handled here: only then may it take them for its own. And a life of
-- this home's log for one home alone, begun on that home's word.

ALTER TABLE peer ADD COLUMN received_run TEXT;
ALTER TABLE peer ADD COLUMN own_epoch TEXT;

-- Where a home is told that the connection ended, until it has heard; and when that was tried last.
ALTER TABLE parting ADD COLUMN addresses TEXT;
ALTER TABLE parting ADD COLUMN tried_at INTEGER;
