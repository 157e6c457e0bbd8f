-- +goose Up
-- One text for both databases; migration.go says which three words differ.
-- Times are milliseconds since 1970 (0: none), money is minor units and an
-- ISO 4217 code, lists are JSON.

CREATE TABLE members (
    id        TEXT PRIMARY KEY,
    email     TEXT NOT NULL,
    email_key TEXT UNIQUE, -- the address in lower case; NULL for a guest
    name      TEXT NOT NULL,
    locale    TEXT NOT NULL,
    guest     SMALLINT NOT NULL,
    operator  SMALLINT NOT NULL,
    password  TEXT NOT NULL, -- a hash
    created   BIGINT NOT NULL
);
CREATE INDEX members_operator ON members (id) WHERE operator = 1;

CREATE TABLE tokens (
    hash      TEXT PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    member_id TEXT NOT NULL REFERENCES members (id),
    name      TEXT NOT NULL,
    scopes    TEXT NOT NULL,
    shop_id   TEXT NOT NULL,
    created   BIGINT NOT NULL,
    expires   BIGINT NOT NULL
);
CREATE INDEX tokens_member ON tokens (member_id, id);

CREATE TABLE shops (
    id               TEXT PRIMARY KEY,
    owner_id         TEXT NOT NULL REFERENCES members (id),
    name             TEXT NOT NULL,
    lat              DOUBLE PRECISION NOT NULL,
    lon              DOUBLE PRECISION NOT NULL,
    service_radius_m BIGINT NOT NULL,
    hours            TEXT NOT NULL,
    time_zone        TEXT NOT NULL,
    languages        TEXT NOT NULL,
    price_level      BIGINT NOT NULL,
    capabilities     TEXT NOT NULL,
    contact          TEXT NOT NULL,
    answers          TEXT NOT NULL,
    state            TEXT NOT NULL,
    reason           TEXT NOT NULL,
    created          BIGINT NOT NULL,
    updated          BIGINT NOT NULL,
    source           TEXT UNIQUE, -- NULL for a shop that was not imported
    stars            BIGINT NOT NULL DEFAULT 0,
    ratings          BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX shops_state ON shops (state, id);

CREATE TABLE staff (
    member_id TEXT NOT NULL REFERENCES members (id),
    shop_id   TEXT NOT NULL REFERENCES shops (id),
    PRIMARY KEY (member_id, shop_id)
) WITHOUT ROWID;

CREATE TABLE pairings (
    hash    TEXT PRIMARY KEY,
    shop_id TEXT NOT NULL REFERENCES shops (id),
    expires BIGINT NOT NULL
);
CREATE INDEX pairings_expires ON pairings (expires);

CREATE TABLE books (
    shop_id      TEXT PRIMARY KEY REFERENCES shops (id),
    version      BIGINT NOT NULL,
    acknowledged BIGINT NOT NULL,
    updated      BIGINT NOT NULL,
    codes        TEXT NOT NULL
);

-- The books the other way round: who holds a code.
CREATE TABLE book_codes (
    code    TEXT NOT NULL,
    shop_id TEXT NOT NULL,
    PRIMARY KEY (code, shop_id)
) WITHOUT ROWID;

CREATE TABLE signals (
    code         TEXT PRIMARY KEY,
    parent       TEXT NOT NULL,
    names        TEXT NOT NULL,
    synonyms     TEXT NOT NULL,
    request_form TEXT NOT NULL,
    offer_form   TEXT NOT NULL,
    retired      SMALLINT NOT NULL,
    replaced_by  TEXT NOT NULL
);

CREATE TABLE picks (
    words TEXT NOT NULL,
    code  TEXT NOT NULL,
    n     BIGINT NOT NULL,
    PRIMARY KEY (words, code)
) WITHOUT ROWID;

CREATE TABLE requests (
    id              TEXT PRIMARY KEY,
    buyer_id        TEXT NOT NULL REFERENCES members (id),
    code            TEXT NOT NULL,
    words           TEXT NOT NULL,
    attributes      TEXT NOT NULL,
    quantity        BIGINT NOT NULL,
    note            TEXT NOT NULL,
    budget_amount   BIGINT NOT NULL,
    budget_currency TEXT NOT NULL, -- '': no budget
    lat             DOUBLE PRECISION NOT NULL,
    lon             DOUBLE PRECISION NOT NULL,
    radius_m        BIGINT NOT NULL,
    needed_at       BIGINT,
    deadline        BIGINT NOT NULL,
    wanted          BIGINT NOT NULL,
    ranked_by       TEXT NOT NULL,
    languages       TEXT NOT NULL,
    needs           TEXT NOT NULL,
    locale          TEXT NOT NULL,
    accepts         BIGINT NOT NULL,
    state           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    created         BIGINT NOT NULL,
    closed          BIGINT NOT NULL,
    policy          BIGINT NOT NULL
);
CREATE INDEX requests_buyer ON requests (buyer_id, id);
CREATE INDEX requests_open ON requests (buyer_id, id) WHERE state = 'open';

-- What happened, in the one order in which it happened: docs/adr/0003-the-log.md.
CREATE TABLE log (
    seq        BIGINT PRIMARY KEY,
    at         BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    request_id TEXT NOT NULL, -- '': outside a request
    shop_id    TEXT NOT NULL, -- '': every shop that the request called
    body       TEXT NOT NULL
);
CREATE INDEX log_request ON log (request_id, seq) WHERE request_id <> '';
CREATE INDEX log_shop ON log (shop_id, seq) WHERE shop_id <> '';
CREATE INDEX log_told ON log (seq, request_id) WHERE shop_id = '' AND request_id <> '';

-- Which request called a shop, as its call number n, in the wave numbered seq.
CREATE TABLE heard (
    shop_id    TEXT NOT NULL,
    request_id TEXT NOT NULL,
    n          BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    PRIMARY KEY (shop_id, request_id)
) WITHOUT ROWID;

CREATE TABLE orders (
    id          TEXT PRIMARY KEY,
    request_id  TEXT NOT NULL REFERENCES requests (id),
    slot        BIGINT NOT NULL, -- which of the orders that the request accepts, from 0
    offer_id    TEXT NOT NULL UNIQUE,
    shop_id     TEXT NOT NULL REFERENCES shops (id),
    buyer_id    TEXT NOT NULL REFERENCES members (id),
    price       BIGINT NOT NULL,
    currency    TEXT NOT NULL,
    terms       TEXT NOT NULL,
    contact     TEXT NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    created     BIGINT NOT NULL,
    updated     BIGINT NOT NULL,
    buyer_rated BIGINT NOT NULL,
    shop_rated  BIGINT NOT NULL
);
CREATE UNIQUE INDEX orders_slot ON orders (request_id, slot) WHERE state <> 'refused' AND state <> 'cancelled';
CREATE INDEX orders_request ON orders (request_id, id);
CREATE INDEX orders_buyer ON orders (buyer_id, id);
CREATE INDEX orders_shop ON orders (shop_id, id);

CREATE TABLE ratings (
    order_id TEXT NOT NULL REFERENCES orders (id),
    by_party TEXT NOT NULL,
    shop_id  TEXT NOT NULL REFERENCES shops (id),
    stars    BIGINT NOT NULL,
    words    TEXT NOT NULL,
    PRIMARY KEY (order_id, by_party)
);

CREATE TABLE once (
    member_id TEXT NOT NULL,
    key       TEXT NOT NULL,
    route     TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    at        BIGINT NOT NULL,
    run       TEXT NOT NULL,
    status    BIGINT NOT NULL, -- 0: still running
    header    BYTEA,
    body      BYTEA,
    PRIMARY KEY (member_id, key, route)
);
CREATE INDEX once_at ON once (at);

CREATE TABLE policies (
    version   BIGINT PRIMARY KEY,
    member_id TEXT NOT NULL,
    body      BYTEA NOT NULL,
    at        BIGINT NOT NULL
);

CREATE TABLE audits (
    n      BIGINT PRIMARY KEY,
    at     BIGINT NOT NULL,
    actor  TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL
);
