-- Orders lie in the order in which they came, so that those that arrive are written side by side; a change may bring
-- several. Found by id through the record that began them.
CREATE TABLE orders_by_number (
  number     INTEGER NOT NULL,          -- with which it came
  id         BLOB NOT NULL CHECK (length(id) = 16),
  doc        INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  at_ms      INTEGER NOT NULL,          -- received
  sort       INTEGER,                   -- order, direct sale, return; null: it cannot be read here
  stage      INTEGER NOT NULL,          -- as its state says
  taken      BLOB CHECK (taken IS NULL OR length(taken) = 16),  -- the version that the ERP took
  attention  TEXT,                      -- why it is not offered, or has to be looked at, beside a missing client code
  PRIMARY KEY (number, id)
) STRICT, WITHOUT ROWID;
INSERT INTO orders_by_number (number, id, doc, at_ms, sort, stage, taken, attention)
  SELECT number, id, doc, at_ms, sort, stage, taken, attention FROM orders;
DROP TABLE orders;
ALTER TABLE orders_by_number RENAME TO orders;
CREATE INDEX orders_open ON orders (number) WHERE stage IN (1, 2);
CREATE INDEX orders_attention ON orders (number) WHERE attention IS NOT NULL;
CREATE INDEX orders_by_doc ON orders (doc);
