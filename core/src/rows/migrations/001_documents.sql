-- What is stored of every document, so that appending, editing and admitting need not load it.
-- `actor` is an interned automerge actor; hashes are 32 bytes, `heads` and `deps` are hashes one after the other.

CREATE TABLE actors (
  actor   INTEGER PRIMARY KEY,
  id      BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  person  BLOB CHECK (person IS NULL OR length(person) = 16)
) STRICT;

CREATE TABLE documents (
  doc         INTEGER PRIMARY KEY,
  id          BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  generation  INTEGER NOT NULL,
  heads       BLOB NOT NULL,            -- of all that is here, sorted
  acked       BLOB NOT NULL,            -- of what has a good verdict, sorted
  max_op      INTEGER NOT NULL,
  size        INTEGER NOT NULL          -- bytes of all changes ever applied
) STRICT;

-- Every change, for ever; its bytes may move into the document's snapshot.
CREATE TABLE changes (
  doc       INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  actor     INTEGER NOT NULL REFERENCES actors,
  seq       INTEGER NOT NULL,
  hash      BLOB NOT NULL CHECK (length(hash) = 32),
  start_op  INTEGER NOT NULL,
  max_op    INTEGER NOT NULL,
  deps      BLOB NOT NULL,
  number    INTEGER,                    -- place in the relay's log; null: no good verdict yet
  bytes     BLOB,
  PRIMARY KEY (doc, actor, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX changes_by_hash ON changes (doc, hash);

CREATE TABLE snapshots (
  doc    INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
  heads  BLOB NOT NULL,
  bytes  BLOB NOT NULL
) STRICT;

-- Every put on a profile key; `live` until another operation names it as a predecessor.
CREATE TABLE fields (
  doc      INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  key      TEXT NOT NULL,
  counter  INTEGER NOT NULL,
  actor    INTEGER NOT NULL REFERENCES actors,
  live     INTEGER NOT NULL,
  value    BLOB NOT NULL,
  PRIMARY KEY (doc, key, counter, actor)
) STRICT, WITHOUT ROWID;

-- Every record. Records of a kind that are tied by targets are one `family`, named by the id at the end of the chain
-- of targets, known or not; a family is folded as a whole. `root` is the record that a shown row stands for.
CREATE TABLE records (
  record    INTEGER PRIMARY KEY,
  doc       INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  kind      TEXT NOT NULL,
  id        BLOB NOT NULL CHECK (length(id) = 16),
  counter   INTEGER NOT NULL,
  actor     INTEGER NOT NULL REFERENCES actors,
  family    BLOB NOT NULL CHECK (length(family) = 16),
  target    BLOB CHECK (target IS NULL OR length(target) = 16),
  voids     INTEGER NOT NULL,           -- 1: it voids its target, 0: it amends it, if it has one
  root      BLOB NOT NULL CHECK (length(root) = 16),
  shown     INTEGER NOT NULL,           -- 1: this is how its root reads now
  orphan    INTEGER NOT NULL,           -- 1: it names a target on which it has no effect
  latest    INTEGER NOT NULL,           -- how many concurrent corrections its root has; 0 or 1: none to choose from
  at        INTEGER NOT NULL,           -- the device's time, milliseconds
  date      INTEGER NOT NULL,           -- business date, days
  number    INTEGER,                    -- the log number with which it came; null: it was made here
  value     BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX records_by_id ON records (id, kind);
CREATE INDEX records_by_doc ON records (doc, shown, date);
CREATE INDEX records_by_family ON records (family) WHERE target IS NOT NULL;
