-- The change that a change is, written anew by another actor: so that it is known again, whichever of them comes first.
ALTER TABLE changes ADD COLUMN origin BLOB CHECK (origin IS NULL OR length(origin) = 32);
CREATE INDEX changes_by_origin ON changes (doc, origin) WHERE origin IS NOT NULL;
