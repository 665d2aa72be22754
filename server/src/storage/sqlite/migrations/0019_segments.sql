-- Segments of which somebody wants to be told who enters and leaves, as they were when they were last looked at.
CREATE TABLE watched_segments (
  segment   INTEGER PRIMARY KEY,
  source    TEXT NOT NULL,
  key       TEXT NOT NULL,
  told      BLOB NOT NULL,     -- hash of the rule, the list and the territory: with another one it begins anew
  begun_ms  INTEGER NOT NULL,  -- when it was first looked at: part of the ids of what it makes
  day       INTEGER NOT NULL,  -- as of which it was last looked at, and all that changed was noted
  number    INTEGER NOT NULL,  -- the log's end then
  UNIQUE (source, key)
) STRICT;

-- Who is in, or was.
CREATE TABLE segment_members (
  segment  INTEGER NOT NULL REFERENCES watched_segments ON DELETE CASCADE,
  doc      INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  entries  INTEGER NOT NULL,   -- how often it entered
  is_in    INTEGER NOT NULL,
  PRIMARY KEY (segment, doc)
) STRICT, WITHOUT ROWID;
CREATE INDEX segment_members_by_doc ON segment_members (doc);
