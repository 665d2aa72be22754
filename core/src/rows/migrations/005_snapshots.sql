-- Up to which number of the log a snapshot holds the document: every acknowledged change that was here when it was
-- made. 0 in those that were kept before this was noted.
ALTER TABLE snapshots ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
