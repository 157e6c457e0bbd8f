-- +goose Up
-- Where shops' own software takes events, and what was sent there.

CREATE TABLE webhooks (
    id           TEXT PRIMARY KEY,
    shop_id      TEXT NOT NULL REFERENCES shops (id),
    member_id    TEXT NOT NULL,
    url          TEXT NOT NULL,
    events       TEXT NOT NULL,
    secret       TEXT NOT NULL, -- as it is: it signs
    former       TEXT NOT NULL,
    former_until BIGINT NOT NULL,
    since        BIGINT NOT NULL,
    behind       BIGINT NOT NULL, -- -1: not behind
    created      BIGINT NOT NULL,
    disabled     BIGINT NOT NULL,
    reason       TEXT NOT NULL
);
CREATE UNIQUE INDEX webhooks_shop ON webhooks (shop_id, url);

-- An event of the log that was sent to a webhook, or is to be sent again.
CREATE TABLE deliveries (
    webhook_id TEXT NOT NULL,
    seq        BIGINT NOT NULL,
    type       TEXT NOT NULL,
    state      TEXT NOT NULL,
    attempts   BIGINT NOT NULL,
    status     BIGINT NOT NULL,
    took_ms    BIGINT NOT NULL,
    error      TEXT NOT NULL,
    at         BIGINT NOT NULL,
    tried      BIGINT NOT NULL,
    next       BIGINT NOT NULL,
    PRIMARY KEY (webhook_id, seq)
) WITHOUT ROWID;
CREATE INDEX deliveries_waiting ON deliveries (webhook_id, seq) WHERE state = 'waiting';

-- Its one row says up to which event of the log all webhooks were told, or have
-- a delivery that waits, but for those that are behind.
CREATE TABLE told_up_to (
    seq BIGINT NOT NULL
);
INSERT INTO told_up_to (seq) VALUES (0);
