-- What a session has still to do, beyond the pages and copies of `101_device.sql`.

-- Clients whose office records are to be fetched by name, since there were too many to come along.
CREATE TABLE office_to_fetch (
  client  BLOB PRIMARY KEY CHECK (length(client) = 16)
) STRICT, WITHOUT ROWID;

-- What was here before everything was to be fetched anew: whatever the pages do not bring goes with the last of them.
CREATE TABLE stale_documents (
  document  BLOB PRIMARY KEY CHECK (length(document) = 16)
) STRICT, WITHOUT ROWID;
CREATE TABLE stale_office (
  kind    TEXT NOT NULL,
  source  TEXT NOT NULL,
  key     TEXT NOT NULL,
  PRIMARY KEY (kind, source, key)
) STRICT, WITHOUT ROWID;

-- A record that waited for its document and will not get one: then `bytes` is the record under this key, not a change.
ALTER TABLE refused ADD COLUMN key TEXT;

-- When a change that was held back was tried last.
ALTER TABLE outbox ADD COLUMN tried_at INTEGER;
