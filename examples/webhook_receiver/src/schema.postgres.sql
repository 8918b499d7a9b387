-- One row for each key, as it is now. What the customer types is not kept.
CREATE TABLE IF NOT EXISTS license_keys (
    provider   TEXT NOT NULL,
    id         TEXT NOT NULL,
    code_hint  TEXT NOT NULL,
    status     TEXT NOT NULL,
    -- Whether the status lets the key be used; an expiry that has passed is not in it.
    in_force   BOOLEAN NOT NULL,
    expires_at BIGINT,
    customer   TEXT,
    product    TEXT,
    -- Whose state this is: an older delivery is passed over.
    as_of      BIGINT NOT NULL,
    -- How many deliveries named the key: no state, but a step, and right only if each counts once.
    deliveries BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (provider, id)
);
CREATE INDEX IF NOT EXISTS license_keys_customer ON license_keys (provider, customer);

-- One row for each delivery that was applied.
CREATE TABLE IF NOT EXISTS events (
    provider    TEXT NOT NULL,
    id          TEXT NOT NULL,
    kind        TEXT NOT NULL,
    raw_type    TEXT NOT NULL,
    key_id      TEXT,
    customer    TEXT,
    as_of       BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);

-- Deliveries that the vendor sent and this version cannot read, kept for inspection.
CREATE TABLE IF NOT EXISTS unreadable (
    provider    TEXT NOT NULL,
    id          TEXT NOT NULL,
    cause       TEXT NOT NULL,
    body        BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (provider, id)
);
