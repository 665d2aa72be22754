-- Prices that are no longer in force, by the version of the price list that they belonged to.
CREATE TABLE past_prices (
  source      TEXT NOT NULL,
  key         TEXT NOT NULL,
  version     TEXT NOT NULL,
  article     TEXT,
  family      TEXT,
  client      BLOB,
  price_list  TEXT,
  number      INTEGER NOT NULL,   -- under which it had come
  value       BLOB NOT NULL,
  PRIMARY KEY (source, key, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX past_prices_by_version ON past_prices (version, article, family);
CREATE INDEX past_prices_by_client ON past_prices (client) WHERE client IS NOT NULL;
