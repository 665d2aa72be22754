-- When the log's present epoch began; null: with the log itself, or before this was noted.
ALTER TABLE workspace ADD COLUMN epoch_ms INTEGER;

-- Documents of which a device proved, after a restore, that it had them: it may go on writing them for a while, since
-- what it saw may be among what the restore forgot.
CREATE TABLE proven (
  device  BLOB NOT NULL REFERENCES devices (id),
  doc     INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  number  INTEGER NOT NULL,   -- of the log's last entry then
  at_ms   INTEGER NOT NULL,
  PRIMARY KEY (device, doc)
) STRICT, WITHOUT ROWID;
INSERT INTO proven (device, doc, number, at_ms)
  SELECT r.device, l.doc, max(r.number), max(l.at_ms) FROM recovered r JOIN log l ON l.number = r.number
  WHERE l.doc IS NOT NULL GROUP BY r.device, l.doc;

-- When backups were last looked through, by their names, and what was wrong with them then.
CREATE TABLE backup_checks (
  name    TEXT PRIMARY KEY,
  at_ms   INTEGER NOT NULL,
  damage  TEXT                -- stable code; null: it was sound
) STRICT, WITHOUT ROWID;

-- By which version of the projector all rows were made; while they are made anew, up to which document they are.
ALTER TABLE workspace ADD COLUMN projector INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workspace ADD COLUMN projected_doc INTEGER;

-- Where the creator of an offered client would put it, beside its first change; null: not said, or not noted.
ALTER TABLE refused ADD COLUMN territory BLOB CHECK (territory IS NULL OR length(territory) = 16);

-- What moving the window of sales asks: from one day on, and the newest.
CREATE INDEX sales_by_own_day ON sales (own_day);
