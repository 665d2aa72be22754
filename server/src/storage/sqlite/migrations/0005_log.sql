-- The log, and what decides who sees which of its entries.

-- Parts of the workspace that are seen or not seen as a whole: what concerns everybody, a territory, what one person
-- keeps for himself. An entry stands in a lane: twice its part, plus 1 if only managers and the office see it.
CREATE TABLE parts (
  part      INTEGER PRIMARY KEY,
  kind      INTEGER NOT NULL CHECK (kind IN (0, 1, 2)),  -- the whole workspace, a territory, a person
  id        BLOB NOT NULL CHECK (length(id) = 16),       -- zeros: the workspace; as a territory: unassigned
  -- Sums of digest terms of what is in its two lanes.
  digest    BLOB NOT NULL DEFAULT (zeroblob(16)) CHECK (length(digest) = 16),
  digest_1  BLOB NOT NULL DEFAULT (zeroblob(16)) CHECK (length(digest_1) = 16),
  UNIQUE (kind, id)
) STRICT;
INSERT INTO parts (part, kind, id) VALUES (1, 0, zeroblob(16)), (2, 1, zeroblob(16));

-- Never deleted from. A change's bytes are in `changes`, an office record's in `office` (under its last number).
CREATE TABLE log (
  number  INTEGER PRIMARY KEY,
  kind    INTEGER NOT NULL,     -- 0 change, 1 office, 2 territory, 3 merge, 4 erase, 5 refound
  lane    INTEGER NOT NULL,
  doc     INTEGER,              -- whom it is about; null: the workspace, a territory, or a client erased since
  actor   INTEGER,              -- change: its key in `changes`
  seq     INTEGER,
  before  INTEGER,              -- territory and merge: the part before; null: there was no client before
  person  BLOB,                 -- territory: only lent to (seq 1) or no longer lent to (seq 0) this person
  other   INTEGER,              -- merge: the document that is kept; null: undone
  at_ms   INTEGER NOT NULL,     -- received
  hash    BLOB NOT NULL CHECK (length(hash) = 32),
  chain   BLOB NOT NULL CHECK (length(chain) = 16)
) STRICT;
CREATE INDEX log_by_lane ON log (lane, number);
-- Entries that change who sees a client.
CREATE INDEX log_moves ON log (number) WHERE kind IN (2, 3);
CREATE INDEX log_moves_by_doc ON log (doc, number) WHERE kind IN (2, 3);
CREATE UNIQUE INDEX office_by_number ON office (number);

-- Where a document stands. `part` is what counts: while merged it is the kept client's, and `own_part` lies beneath.
CREATE TABLE placements (
  doc       INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
  part      INTEGER NOT NULL REFERENCES parts,
  own_part  INTEGER NOT NULL REFERENCES parts,
  alias_of  INTEGER REFERENCES documents ON DELETE SET NULL,
  number    INTEGER NOT NULL,   -- of its last entry
  term      BLOB NOT NULL DEFAULT (zeroblob(16)) CHECK (length(term) = 16),     -- its own digest term
  office    BLOB NOT NULL DEFAULT (zeroblob(16)) CHECK (length(office) = 16),   -- of the office records about it
  office_1  BLOB NOT NULL DEFAULT (zeroblob(16)) CHECK (length(office_1) = 16)
) STRICT;
CREATE INDEX placements_by_part ON placements (part, doc);
CREATE INDEX placements_by_alias ON placements (alias_of) WHERE alias_of IS NOT NULL;

-- Clients lent by name. Those that are `active` today are in the person's scope.
CREATE TABLE lendings (
  doc             INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  person          BLOB NOT NULL REFERENCES people (id),
  from_day        INTEGER,
  until_day       INTEGER,
  until_assigned  INTEGER NOT NULL,   -- 1: to whoever made the client, until it has a territory
  active          INTEGER NOT NULL,
  PRIMARY KEY (doc, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX lendings_of_person ON lendings (person, doc);

-- What a person saw before: tells what came new, and what may still be written for a while.
CREATE TABLE past_scopes (
  person           BLOB NOT NULL REFERENCES people (id),
  version          INTEGER NOT NULL,
  ended_ms         INTEGER NOT NULL,
  all_territories  INTEGER NOT NULL,
  territories      BLOB NOT NULL,     -- ids, one after the other
  PRIMARY KEY (person, version)
) STRICT, WITHOUT ROWID;

-- Clients of which a device keeps nothing any more, as of the last number of the log that it knew when it said so, and
-- the time since when the scope held that it knew.
CREATE TABLE purges (
  device  BLOB NOT NULL REFERENCES devices (id),
  doc     INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  number  INTEGER NOT NULL,
  at_ms   INTEGER NOT NULL,
  PRIMARY KEY (device, doc)
) STRICT, WITHOUT ROWID;

-- Clients and documents that were erased; pushes for them answer so for ever.
CREATE TABLE erasures (
  document  BLOB PRIMARY KEY CHECK (length(document) = 16),
  number    INTEGER NOT NULL,
  at_ms     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE erased_entries (
  number    INTEGER PRIMARY KEY,
  document  BLOB NOT NULL CHECK (length(document) = 16)
) STRICT;

-- Work that was not taken, whole, for whoever has to look at it: bounded, the oldest goes first.
CREATE TABLE refused (
  refusal     INTEGER PRIMARY KEY,
  device      BLOB NOT NULL REFERENCES devices (id),
  document    BLOB NOT NULL CHECK (length(document) = 16),
  generation  INTEGER NOT NULL,
  digest      BLOB NOT NULL CHECK (length(digest) = 32),    -- SHA-256 of the bytes: the same is kept once
  code        TEXT NOT NULL,
  detail      TEXT NOT NULL,
  bytes       BLOB NOT NULL,
  at_ms       INTEGER NOT NULL,
  UNIQUE (device, digest)
) STRICT;
CREATE INDEX refused_by_document ON refused (document);

-- Changes that the log had lost and a device brought back.
CREATE TABLE recovered (
  number  INTEGER PRIMARY KEY,
  device  BLOB NOT NULL REFERENCES devices (id)
) STRICT;

-- Office records that went from one lane to another: what those who saw only the old one are told at this number.
CREATE TABLE office_gone (
  number  INTEGER PRIMARY KEY,
  doc     INTEGER REFERENCES documents ON DELETE CASCADE,
  kind    TEXT NOT NULL,
  source  TEXT NOT NULL,
  key     TEXT NOT NULL
) STRICT;
CREATE INDEX office_gone_by_doc ON office_gone (doc, number) WHERE doc IS NOT NULL;

-- Documents as they are served to phones: an Automerge document up to a number of the log, to which later changes are
-- added as they are. Made when asked for; can be dropped at any time.
CREATE TABLE page_cache (
  doc     INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
  number  INTEGER NOT NULL,
  bytes   BLOB NOT NULL
) STRICT;
