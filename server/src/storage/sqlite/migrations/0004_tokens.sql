-- Tokens for programs, apart from people's logins.
CREATE TABLE machine_tokens (
  id         BLOB PRIMARY KEY CHECK (length(id) = 16),
  hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  name       TEXT NOT NULL,
  -- Names joined by blanks.
  scopes     TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  revoked_ms INTEGER,
  used_ms    INTEGER
) STRICT, WITHOUT ROWID;

-- People who are logged in.
CREATE TABLE sessions (
  id         BLOB PRIMARY KEY CHECK (length(id) = 16),
  hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  person     BLOB NOT NULL REFERENCES people (id),
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_expiring ON sessions (expires_ms);

-- The workspace's settings, by name; what is absent has its default.
CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
