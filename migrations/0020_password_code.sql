-- Codes by which somebody who forgot their password chooses a new one, made by an admin or at the home's own computer.

CREATE TABLE password_code (
    person BLOB PRIMARY KEY NOT NULL REFERENCES account (person),   -- one at a time
    code   BLOB NOT NULL UNIQUE CHECK (length(code) = 32),          -- hash
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
