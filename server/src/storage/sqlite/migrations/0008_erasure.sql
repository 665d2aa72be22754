-- 1: something was erased, and what it left in free pages and in the write-ahead log is still to be overwritten.
ALTER TABLE workspace ADD COLUMN scrub INTEGER NOT NULL DEFAULT 0;
