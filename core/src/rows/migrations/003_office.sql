-- What the office owns: one writer, last value wins by log number. `value` null is a tombstone.

CREATE TABLE office (
  kind       TEXT NOT NULL,
  source     TEXT NOT NULL,
  key        TEXT NOT NULL,
  number     INTEGER NOT NULL,
  client     BLOB,
  territory  BLOB,
  value      BLOB,
  PRIMARY KEY (kind, source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX office_by_client ON office (client, kind) WHERE client IS NOT NULL;
