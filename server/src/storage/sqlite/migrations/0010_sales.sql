-- What the relay works out from what the office says.

-- One row a sale of the office, with the day on which it counts: what has to be worked out anew when it changes.
CREATE TABLE sales (
  source    TEXT NOT NULL,
  key       TEXT NOT NULL,
  client    BLOB NOT NULL CHECK (length(client) = 16),
  currency  TEXT NOT NULL,
  day       INTEGER NOT NULL,
  own_day   INTEGER NOT NULL,
  corrects  TEXT,               -- the document on whose day it counts, if that one is there and the same client's
  PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX sales_by_day ON sales (client, currency, day);
CREATE INDEX sales_by_corrected ON sales (corrects, source) WHERE corrects IS NOT NULL;
