-- The one workspace that this file is bound to.
CREATE TABLE workspace (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  id         BLOB NOT NULL CHECK (length(id) = 16),
  epoch      BLOB NOT NULL CHECK (length(epoch) = 8),
  created_ms INTEGER NOT NULL
) STRICT;
