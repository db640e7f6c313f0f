-- Friends, posts, comments, reactions, drafts.

-- The latest word of one person about another. Friendship follows from the two words (see friendship), so that homes
-- that learn them in any order agree.
CREATE TABLE friend_word (
    person   BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    other    BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    word     TEXT NOT NULL CHECK (word IN ('request', 'accept', 'cancel', 'decline', 'remove')),
    note     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    hlc      TEXT NOT NULL,
    removed  TEXT NOT NULL DEFAULT '',     -- hybrid logical clock of the last 'remove'
    declined INTEGER,                      -- when 'decline' was last said
    PRIMARY KEY (person, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX friend_word_to ON friend_word (other, word);

-- Friends, each pair in both directions; derived from friend_word.
CREATE TABLE friendship (
    person BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    other  BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    since  INTEGER NOT NULL,
    PRIMARY KEY (person, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX friendship_other ON friendship (other);

-- Posts that are here and not deleted; those of other homes are copies.
CREATE TABLE post (
    id          BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    author      BLOB NOT NULL REFERENCES person (id),
    home        TEXT NOT NULL REFERENCES home (id),
    audience    TEXT NOT NULL CHECK (audience IN ('me', 'local', 'friends', 'public')),
    text        TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    edited_at   INTEGER,
    version     INTEGER NOT NULL,
    comments_on INTEGER NOT NULL,
    hlc         TEXT NOT NULL,             -- of the newest post.put
    control_hlc TEXT NOT NULL,             -- of what last said whether comments are on
    activity    BLOB                       -- the newest post.put, when it was signed for or by another home
) STRICT;
CREATE INDEX post_by_author ON post (author, created_at, id);
CREATE INDEX post_shared ON post (author, created_at, id) WHERE audience IN ('friends', 'public');
CREATE INDEX post_local ON post (created_at, id) WHERE audience = 'local';
CREATE INDEX post_public ON post (created_at, id, author) WHERE audience = 'public';
CREATE INDEX post_by_home ON post (home);

-- Comments; a deleted one stays as an empty placeholder.
CREATE TABLE comment (
    id         BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    post       BLOB NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    parent     BLOB,
    depth      INTEGER NOT NULL CHECK (depth BETWEEN 1 AND 8),
    author     BLOB NOT NULL REFERENCES person (id),
    text       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    edited_at  INTEGER,
    version    INTEGER NOT NULL,
    hlc        TEXT NOT NULL,
    activity   BLOB,                       -- the newest comment.put
    accepted   INTEGER NOT NULL,           -- 0: waits for the post's home
    deleted    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX comment_by_post ON comment (post, created_at, id);
CREATE INDEX comment_by_author ON comment (author);

-- One reaction per person and item; emoji NULL: taken back.
CREATE TABLE reaction (
    item     BLOB NOT NULL,                -- a post or a comment
    person   BLOB NOT NULL REFERENCES person (id),
    post     BLOB NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    emoji    TEXT,
    at       INTEGER NOT NULL,
    hlc      TEXT NOT NULL,
    activity BLOB,
    PRIMARY KEY (item, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX reaction_by_post ON reaction (post);
CREATE INDEX reaction_by_person ON reaction (person);

-- Who is mentioned where. removed: took themselves out, for ever.
CREATE TABLE mention (
    item    BLOB NOT NULL,
    person  BLOB NOT NULL,
    post    BLOB NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    name    TEXT NOT NULL,                 -- as the author's home knew it
    present INTEGER NOT NULL,              -- whether the present text names them
    removed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (item, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_by_post ON mention (post);

-- Earlier versions of posts and comments.
CREATE TABLE version (
    item     BLOB NOT NULL,
    version  INTEGER NOT NULL,
    post     BLOB NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    audience TEXT NOT NULL,
    text     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (item, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_by_post ON version (post);

-- What is gone: 'deleted' for ever by the one named, 'retracted' until something newer comes.
CREATE TABLE tombstone (
    item  BLOB NOT NULL,
    by    BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('deleted', 'retracted')),
    hlc   TEXT NOT NULL,
    at    INTEGER NOT NULL,
    PRIMARY KEY (item, by)
) STRICT, WITHOUT ROWID;

-- What a client's operation made, so that a repeat makes nothing twice.
CREATE TABLE operation (
    account BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    op      BLOB NOT NULL,
    item    BLOB NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (account, op)
) STRICT, WITHOUT ROWID;
CREATE INDEX operation_by_time ON operation (at);

-- What an account was writing.
CREATE TABLE draft (
    id       BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    account  BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    place    TEXT NOT NULL,
    text     TEXT NOT NULL,
    audience TEXT NOT NULL,
    saved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_by_account ON draft (account, saved_at, id);

-- The activities that put each post or comment, so that their texts go when the item goes or changes.
CREATE TABLE item_activity (
    item     BLOB NOT NULL,
    activity BLOB NOT NULL,
    PRIMARY KEY (item, activity)
) STRICT, WITHOUT ROWID;

-- Earlier posts of an author that a home may see now and is to be given, up to where that has come.
CREATE TABLE backlog (
    author   BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    home     TEXT NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    after_at INTEGER NOT NULL,
    after_id BLOB NOT NULL,
    PRIMARY KEY (home, author)
) STRICT, WITHOUT ROWID;

-- Who of the homes is blocked is asked with every comment shown.
CREATE INDEX home_by_state ON home (state);
