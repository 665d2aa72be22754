-- The last line of the journal whose decisions this file holds.
ALTER TABLE workspace ADD COLUMN journal INTEGER NOT NULL DEFAULT 0;
-- 1: after a restore without its journal; it is served when an administrator has confirmed it.
ALTER TABLE devices ADD COLUMN unconfirmed INTEGER NOT NULL DEFAULT 0;

-- Decisions of the journal about clients and orders that a restore lost and that no phone has brought back yet.
CREATE TABLE awaited (
  document  BLOB NOT NULL CHECK (length(document) = 16),   -- or the order's id
  place     INTEGER NOT NULL,   -- in the order in which they were made
  at_ms     INTEGER NOT NULL,
  act       TEXT NOT NULL,      -- JSON
  PRIMARY KEY (document, place)
) STRICT, WITHOUT ROWID;
