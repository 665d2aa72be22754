-- What only a device keeps.

CREATE TABLE meta (
  key    TEXT PRIMARY KEY,
  value  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Own changes without a good verdict, in the order in which they were made. Nothing deletes a row but a good
-- verdict, a rebase that writes it anew, a refusal that moves it to `refused`, a wipe or an erase.
CREATE TABLE outbox (
  position  INTEGER PRIMARY KEY AUTOINCREMENT,
  doc       INTEGER NOT NULL REFERENCES documents,
  hash      BLOB NOT NULL CHECK (length(hash) = 32),
  bytes     BLOB NOT NULL,                -- also when the document had to do without it for a while
  saved_at  INTEGER NOT NULL,
  territory BLOB,                         -- proposed for a new client, beside its first change
  state     INTEGER NOT NULL DEFAULT 0,   -- store::outbox::State
  code      TEXT,
  detail    TEXT,
  UNIQUE (doc, hash)
) STRICT;

-- Refused work: whole, shown, exportable, tried again on request.
CREATE TABLE refused (
  item        INTEGER PRIMARY KEY AUTOINCREMENT,
  document    BLOB NOT NULL CHECK (length(document) = 16),
  generation  INTEGER NOT NULL,
  hash        BLOB NOT NULL UNIQUE,
  bytes       BLOB NOT NULL,
  code        TEXT NOT NULL,
  detail      TEXT NOT NULL,
  refused_at  INTEGER NOT NULL
) STRICT;

-- What a person should look at; `subject` makes an item unique, so that saying it twice is harmless.
CREATE TABLE attention (
  item      INTEGER PRIMARY KEY AUTOINCREMENT,
  what      TEXT NOT NULL,
  document  BLOB,
  subject   TEXT NOT NULL,
  detail    TEXT NOT NULL,
  since     INTEGER NOT NULL,
  done_at   INTEGER,
  UNIQUE (what, subject)
) STRICT;

-- Records for a document that has not arrived yet: durable at once, changes on arrival.
CREATE TABLE waiting (
  position  INTEGER PRIMARY KEY AUTOINCREMENT,
  document  BLOB NOT NULL CHECK (length(document) = 16),
  key       TEXT NOT NULL UNIQUE,
  value     BLOB NOT NULL,
  saved_at  INTEGER NOT NULL
) STRICT;

-- What is still to be fetched in pages, in this order; `territory` null: all of the scope.
CREATE TABLE stages (
  position   INTEGER PRIMARY KEY AUTOINCREMENT,
  stage      INTEGER NOT NULL,
  territory  BLOB,
  after      BLOB NOT NULL
) STRICT;

-- Documents to be fetched anew, since an entry did not apply.
CREATE TABLE refetch (
  document  BLOB PRIMARY KEY CHECK (length(document) = 16),
  tries     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Clients that left this device's scope: first waiting until nothing unsent is left for them, then purged and not yet
-- reported as such.
CREATE TABLE leaving (
  document  BLOB PRIMARY KEY CHECK (length(document) = 16),
  purged    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Actors of this device that the relay has not heard of yet; reason: 0 installation, 1 restore, 2 rebase.
CREATE TABLE new_actors (
  position  INTEGER PRIMARY KEY AUTOINCREMENT,
  actor     BLOB NOT NULL UNIQUE CHECK (length(actor) = 16),
  reason    INTEGER NOT NULL
) STRICT;

-- Every actor that this device has ever written with.
CREATE TABLE own_actors (
  actor  BLOB PRIMARY KEY CHECK (length(actor) = 16)
) STRICT, WITHOUT ROWID;

-- The relay's proofs that it admitted a change and all before it.
CREATE TABLE receipts (
  doc      INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  hash     BLOB NOT NULL CHECK (length(hash) = 32),
  receipt  BLOB NOT NULL CHECK (length(receipt) = 16),
  PRIMARY KEY (doc, hash)
) STRICT, WITHOUT ROWID;
