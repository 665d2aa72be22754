-- A relay that was restored from a backup: acknowledged changes that it may lack, offered to it ancestors first.
CREATE TABLE offers (
  doc       INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  hash      BLOB NOT NULL CHECK (length(hash) = 32),
  start_op  INTEGER NOT NULL,
  state     INTEGER NOT NULL DEFAULT 0,   -- store::offers::State
  code      TEXT,
  PRIMARY KEY (doc, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX offers_by_state ON offers (state, doc, start_op);
