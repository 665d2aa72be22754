-- Phones, how they were linked, and the actors under which they write.
CREATE TABLE devices (
  id           BLOB PRIMARY KEY CHECK (length(id) = 16),
  person       BLOB NOT NULL REFERENCES people (id),
  token_hash   BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  name         TEXT NOT NULL,
  enrolled_ms  INTEGER NOT NULL,
  -- To the nearest few minutes: a write per request would be too dear.
  seen_ms      INTEGER NOT NULL,
  revoked_ms   INTEGER,
  -- What becomes of unsent work: 'salvage' or 'wipe'.
  revoke_order TEXT CHECK (revoke_order IN ('salvage', 'wipe')),
  CHECK ((revoked_ms IS NULL) = (revoke_order IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_of_person ON devices (person);

CREATE TABLE device_actors (
  actor         BLOB PRIMARY KEY CHECK (length(actor) = 16),
  device        BLOB NOT NULL REFERENCES devices (id),
  registered_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX device_actors_of_device ON device_actors (device);

-- One-time codes: 'device' links a phone, 'session' logs a person in.
CREATE TABLE codes (
  id         BLOB PRIMARY KEY CHECK (length(id) = 16),
  hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  purpose    TEXT NOT NULL CHECK (purpose IN ('device', 'session')),
  person     BLOB NOT NULL REFERENCES people (id),
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  used_ms    INTEGER,
  -- Of the token that it was traded for: the same one gets the same answer again.
  token_hash BLOB CHECK (length(token_hash) = 32),
  device     BLOB REFERENCES devices (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX codes_expiring ON codes (expires_ms);
