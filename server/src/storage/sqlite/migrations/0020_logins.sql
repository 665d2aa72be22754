-- The name and the password with which a person logs in; who has none logs in with one-time codes.
CREATE TABLE logins (
  person    BLOB PRIMARY KEY REFERENCES people (id),
  name      TEXT NOT NULL UNIQUE,   -- in small letters
  password  TEXT NOT NULL,          -- Argon2id, as a PHC string
  set_ms    INTEGER NOT NULL,
  -- The second step: of what its secret is made with the recovery key, and the last digits that were used.
  totp_salt BLOB CHECK (totp_salt IS NULL OR length(totp_salt) = 16),
  totp_step INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- By what a session was opened, and in which browser, so that its owner knows it again.
ALTER TABLE sessions ADD COLUMN by_code INTEGER NOT NULL DEFAULT 1;
ALTER TABLE sessions ADD COLUMN browser TEXT NOT NULL DEFAULT '';
