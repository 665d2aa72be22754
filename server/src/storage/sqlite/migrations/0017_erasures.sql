-- What erasing a client asks: entries of office records about it, also those that later ones replaced. Its changes are
-- found by their numbers, its moves and merges have an index.
CREATE INDEX log_office_by_doc ON log (doc) WHERE kind = 1 AND doc IS NOT NULL;
-- What an export asks: who was erased after a number.
CREATE INDEX erasures_by_number ON erasures (number);
