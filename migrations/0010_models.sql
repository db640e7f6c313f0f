-- What people say about models, how long to wait for a provider, and how models are asked to answer.

ALTER TABLE provider ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';  -- JSON: seconds to wait

-- Models whose id was typed by hand, and what is otherwise than the server tells. NULL: as the server tells.
CREATE TABLE provider_model (
    provider     BLOB NOT NULL REFERENCES provider (id) ON DELETE CASCADE,
    model        TEXT NOT NULL,
    by_hand      INTEGER NOT NULL DEFAULT 0,
    context      INTEGER,
    capabilities TEXT,                        -- JSON
    PRIMARY KEY (provider, model)
) STRICT, WITHOUT ROWID;

-- Parameters as JSON: of a conversation (scope is its id), of the one not begun yet (X''), of the whole account (X'00').
CREATE TABLE parameters (
    account    BLOB NOT NULL REFERENCES person (id),
    scope      BLOB NOT NULL,
    parameters TEXT NOT NULL,
    PRIMARY KEY (account, scope)
) STRICT, WITHOUT ROWID;

-- The window that an answer was cut to was kept as text; now it is one of the parameters sent.
UPDATE chat_message
SET info = json_set(json_remove(info, '$.parameters'), '$.sent',
        CASE WHEN json_valid(json_extract(info, '$.parameters'))
             THEN json_object('context', json_extract(json_extract(info, '$.parameters'), '$.context_tokens'))
             ELSE json('{}') END)
WHERE info IS NOT NULL;
