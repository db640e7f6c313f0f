-- When a secret shared with another home was last used, and since when the other home is doubted to have it, having used one from before.
ALTER TABLE pair_secret ADD COLUMN used_at INTEGER;
ALTER TABLE pair_secret ADD COLUMN doubted_at INTEGER;
UPDATE pair_secret SET used_at = max(coalesce(answered_at, received_at), coalesce(received_at, answered_at));
