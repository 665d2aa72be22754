-- Documents are served from their snapshots, which phone and relay keep alike. What was kept apart is made when asked
-- for, as before.
DROP TABLE page_cache;
