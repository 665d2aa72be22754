-- When it became unknown what the office had answered to orders: at a restore without its whole journal, or when the
-- file was found to be put back.
ALTER TABLE workspace ADD COLUMN orders_doubted_ms INTEGER;
-- 1: the office may have it already, and somebody has to say so before it is offered.
ALTER TABLE orders ADD COLUMN doubted INTEGER NOT NULL DEFAULT 0;
