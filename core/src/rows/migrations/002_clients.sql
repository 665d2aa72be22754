-- Read tables: what lists, search and figures ask. All of it can be made anew from documents.

CREATE TABLE clients (
  doc           INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
  id            BLOB NOT NULL UNIQUE,
  territory     BLOB,
  alias_of      BLOB,                       -- merged: the client that is kept
  name          TEXT NOT NULL DEFAULT '',
  sort_name     TEXT NOT NULL DEFAULT '',   -- accents and case folded
  legal_name    TEXT,
  tax_id        TEXT,
  erp_code      TEXT,
  sector        TEXT,
  city          TEXT,
  latitude      REAL,
  longitude     REAL,
  phone         TEXT,
  email         TEXT,
  conflicts     INTEGER NOT NULL DEFAULT 0, -- profile keys with more than one value
  closed        INTEGER NOT NULL DEFAULT 0,
  last_visit    INTEGER,                    -- business dates, days
  last_purchase INTEGER,
  confirmed     INTEGER
) STRICT;
CREATE INDEX clients_by_name ON clients (sort_name, doc);
CREATE INDEX clients_by_territory ON clients (territory);

-- What has a date to come: planned visits, next steps, tasks, agreements that end.
CREATE TABLE agenda (
  date    INTEGER NOT NULL,
  doc     INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  record  INTEGER NOT NULL,
  what    TEXT NOT NULL,
  PRIMARY KEY (date, doc, record, what)
) STRICT, WITHOUT ROWID;
CREATE INDEX agenda_by_record ON agenda (record);
CREATE INDEX agenda_by_doc ON agenda (doc);

-- One row a client (rowid = doc) and one a record with words in it (rowid = record).
CREATE VIRTUAL TABLE client_search USING fts5 (
  name, legal_name, tax_id, erp_code, city, contacts, phones,
  content = '', contentless_delete = 1, prefix = '1 2 3', tokenize = "unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE note_search USING fts5 (
  words, content = '', contentless_delete = 1, prefix = '3', tokenize = "unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE places USING rtree (doc, min_latitude, max_latitude, min_longitude, max_longitude);
