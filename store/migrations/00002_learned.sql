-- +goose Up
-- What shops and requests say more, and what is learned of shops.

ALTER TABLE shops ADD COLUMN quiet_hours TEXT NOT NULL DEFAULT '';
ALTER TABLE shops ADD COLUMN paused_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE shops ADD COLUMN most_open BIGINT NOT NULL DEFAULT 0;
ALTER TABLE shops ADD COLUMN most_hourly BIGINT NOT NULL DEFAULT 0;

ALTER TABLE requests ADD COLUMN least_rating DOUBLE PRECISION NOT NULL DEFAULT 0;

-- What was learned of a subject (a shop, a class of shops, a code) from the
-- events of the log up to the one numbered seq.
CREATE TABLE learned (
    subject TEXT PRIMARY KEY,
    seq     BIGINT NOT NULL,
    body    TEXT NOT NULL -- JSON
);

-- Its one row says up to which event of the log all lessons are in learned.
CREATE TABLE learned_up_to (
    seq BIGINT NOT NULL
);
INSERT INTO learned_up_to (seq) VALUES (0);

-- The calls of the last hour are counted again at a start.
CREATE INDEX log_called ON log (at, seq) WHERE kind = 'called';
