-- Territories, the people who look after them, and what people did.
CREATE TABLE territories (
  id         BLOB PRIMARY KEY CHECK (length(id) = 16),
  name       TEXT NOT NULL,
  -- The name as it is compared: two that differ only in case or blanks are one.
  folded     TEXT NOT NULL UNIQUE,
  created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Clients that belong to nobody; managers see it. Its name is shown in the reader's language.
INSERT INTO territories (id, name, folded, created_ms) VALUES (zeroblob(16), 'unassigned', 'unassigned', 0);

CREATE TABLE people (
  id              BLOB PRIMARY KEY CHECK (length(id) = 16),
  name            TEXT NOT NULL,
  role            TEXT NOT NULL CHECK (role IN ('rep', 'manager', 'back_office', 'administrator')),
  all_territories INTEGER NOT NULL CHECK (all_territories IN (0, 1)),
  -- Grows whenever what the person may see changes.
  scope_version   INTEGER NOT NULL DEFAULT 1,
  created_ms      INTEGER NOT NULL,
  left_ms         INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE person_territories (
  person    BLOB NOT NULL REFERENCES people (id),
  territory BLOB NOT NULL REFERENCES territories (id),
  PRIMARY KEY (person, territory)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_territories_of_territory ON person_territories (territory);

-- Who did what, when, to whom. Ids and codes only: nothing here has to be erased with a person's data.
CREATE TABLE audit (
  number       INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms        INTEGER NOT NULL,
  -- 'person', 'machine', 'device', 'console'
  actor_kind   TEXT NOT NULL,
  actor        BLOB,
  action       TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject      BLOB,
  detail       TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX audit_of_subject ON audit (subject, number);
