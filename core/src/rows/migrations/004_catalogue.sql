-- Office records that queries ask by more than their key; made anew from `office` at any time.

CREATE TABLE articles (
  source     TEXT NOT NULL,
  key        TEXT NOT NULL,
  code       TEXT NOT NULL,
  name       TEXT NOT NULL,
  sort_name  TEXT NOT NULL,
  family     TEXT,
  ean        TEXT,
  withdrawn  INTEGER NOT NULL,
  PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX articles_by_code ON articles (code);
CREATE INDEX articles_by_family ON articles (family, sort_name) WHERE withdrawn = 0;
CREATE INDEX articles_by_ean ON articles (ean) WHERE ean IS NOT NULL;

CREATE VIRTUAL TABLE article_search USING fts5 (
  code, name, family, ean, prefix = '2 3', tokenize = "unicode61 remove_diacritics 2"
);

-- A price or discount under conditions. Whom it is for: a client, a price list, or (both null) everybody.
CREATE TABLE prices (
  source      TEXT NOT NULL,
  key         TEXT NOT NULL,
  article     TEXT,
  family      TEXT,
  client      BLOB,
  price_list  TEXT,
  from_day    INTEGER,
  until_day   INTEGER,
  PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX prices_by_article ON prices (article, client, price_list) WHERE article IS NOT NULL;
CREATE INDEX prices_by_family ON prices (family, client, price_list) WHERE family IS NOT NULL;
