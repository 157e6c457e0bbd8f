-- +goose Up
-- Changes of the tree of codes, and which shops were told of them.

CREATE TABLE distributions (
    n         BIGINT PRIMARY KEY,
    member_id TEXT NOT NULL, -- who changed the tree
    done      BIGINT NOT NULL -- when the last shop was told; 0: some are left
);
CREATE INDEX distributions_open ON distributions (n) WHERE done = 0;

-- A code that means something else since, and the codes that take its place.
CREATE TABLE distributed_codes (
    code    TEXT NOT NULL,
    n       BIGINT NOT NULL,
    becomes TEXT NOT NULL,
    PRIMARY KEY (code, n)
) WITHOUT ROWID;
CREATE INDEX distributed_codes_of ON distributed_codes (n, code);

-- The version of its book by which a shop was told.
CREATE TABLE tellings (
    n       BIGINT NOT NULL,
    shop_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (n, shop_id)
) WITHOUT ROWID;
