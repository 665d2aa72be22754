-- One row an order, direct sale or return of a rep, by the record that began it: what the office's system takes.
CREATE TABLE orders (
  id         BLOB PRIMARY KEY CHECK (length(id) = 16),
  doc        INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  number     INTEGER NOT NULL UNIQUE,   -- with which it came
  at_ms      INTEGER NOT NULL,          -- received
  sort       INTEGER,                   -- order, direct sale, return; null: it cannot be read here
  stage      INTEGER NOT NULL,          -- as its state says
  taken      BLOB CHECK (taken IS NULL OR length(taken) = 16),  -- the version that the ERP took
  attention  TEXT                       -- why it is not offered, or has to be looked at, beside a missing client code
) STRICT, WITHOUT ROWID;
CREATE INDEX orders_open ON orders (number) WHERE stage IN (1, 2);
CREATE INDEX orders_attention ON orders (number) WHERE attention IS NOT NULL;
CREATE INDEX orders_by_doc ON orders (doc);
