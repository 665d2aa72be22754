-- What the export asks beyond what others ask: records of a kind in the order of the log.
CREATE INDEX records_by_number ON records (kind, number);
