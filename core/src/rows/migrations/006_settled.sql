-- A client that buys again after it was closed is open.

ALTER TABLE clients DROP COLUMN closed;
ALTER TABLE clients ADD COLUMN closed_on INTEGER;               -- business date of the latest closure, days
ALTER TABLE clients ADD COLUMN closed INTEGER NOT NULL
  GENERATED ALWAYS AS (closed_on IS NOT NULL AND closed_on >= coalesce(last_purchase, closed_on)) VIRTUAL;
UPDATE clients SET closed_on =
  (SELECT max(r.date) FROM records r WHERE r.doc = clients.doc AND r.kind = 'x' AND r.shown = 1);

-- What somebody should look at, found without reading everything.
CREATE INDEX clients_in_conflict ON clients (doc) WHERE conflicts > 0;
CREATE INDEX records_orphaned ON records (doc) WHERE orphan = 1;
