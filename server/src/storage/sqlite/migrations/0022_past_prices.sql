-- An article may have thousands of clients' own prices in one version: one client's are a stretch of the index.
DROP INDEX past_prices_by_version;
CREATE INDEX past_prices_by_article ON past_prices (version, article, client, price_list) WHERE article IS NOT NULL;
CREATE INDEX past_prices_by_family ON past_prices (version, family, client, price_list) WHERE article IS NULL;
