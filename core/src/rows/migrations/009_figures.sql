-- What figures of one client ask, found without reading everybody's.
CREATE INDEX clients_by_alias ON clients (alias_of) WHERE alias_of IS NOT NULL;
CREATE INDEX fields_shut ON fields (doc) WHERE key = 'shut_days' AND live = 1;
CREATE INDEX clients_closed ON clients (doc) WHERE closed_on IS NOT NULL;
