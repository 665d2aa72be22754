-- Imports of the office's files: staged in batches that nobody sees, then published in one transaction.

CREATE TABLE imports (
  import    BLOB PRIMARY KEY CHECK (length(import) = 16),
  kind      TEXT NOT NULL,
  source    TEXT NOT NULL,
  file      BLOB NOT NULL CHECK (length(file) = 32),      -- SHA-256
  mapping   BLOB NOT NULL CHECK (length(mapping) = 32),   -- SHA-256
  state     INTEGER NOT NULL CHECK (state IN (0, 1, 2)),  -- staging, sealed, published
  begun_ms  INTEGER NOT NULL,
  ended_ms  INTEGER,
  report    TEXT                                          -- JSON, once sealed
) STRICT, WITHOUT ROWID;
-- One unfinished and one finished for each: a new one takes its predecessor's place.
CREATE UNIQUE INDEX imports_by_feed ON imports (kind, source, state / 2);

CREATE TABLE import_batches (
  import  BLOB NOT NULL REFERENCES imports ON DELETE CASCADE,
  batch   INTEGER NOT NULL,
  items   BLOB NOT NULL,
  PRIMARY KEY (import, batch)
) STRICT;

-- The last imported row of each client of a source: what the next one is compared with. `base` is the change with
-- which that import ended, on which the next edits build.
CREATE TABLE import_rows (
  source   TEXT NOT NULL,
  id       TEXT NOT NULL,
  doc      INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  base     BLOB NOT NULL CHECK (length(base) = 32),
  value    BLOB NOT NULL,
  id_hash  BLOB NOT NULL CHECK (length(id_hash) = 32),
  PRIMARY KEY (source, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_rows_by_doc ON import_rows (doc);

-- Clients that were erased must not come back with the next file. What is kept of them names nobody.
CREATE TABLE import_erased (
  id_hash  BLOB PRIMARY KEY CHECK (length(id_hash) = 32)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER import_rows_erased AFTER DELETE ON import_rows BEGIN
  INSERT OR IGNORE INTO import_erased VALUES (old.id_hash);
END;

-- How the files of a source are read: kept once one was imported so.
CREATE TABLE import_mappings (
  kind     TEXT NOT NULL,
  source   TEXT NOT NULL,
  mapping  TEXT NOT NULL,   -- JSON
  PRIMARY KEY (kind, source)
) STRICT, WITHOUT ROWID;

-- The hand that writes a source's edits. It belongs to an epoch, and is never used again after it.
CREATE TABLE import_actors (
  source  TEXT NOT NULL,
  epoch   BLOB NOT NULL CHECK (length(epoch) = 8),
  actor   BLOB NOT NULL UNIQUE CHECK (length(actor) = 16),
  PRIMARY KEY (source, epoch)
) STRICT, WITHOUT ROWID;

-- Clients are looked up by the code that the office knows them by.
CREATE INDEX clients_by_erp_code ON clients (erp_code) WHERE erp_code IS NOT NULL;
