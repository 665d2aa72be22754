-- A territory and a person are a part of the workspace from the first day: who listens before anything is in it would
-- not hear of the first thing otherwise.
INSERT OR IGNORE INTO parts (kind, id) SELECT 1, id FROM territories;
INSERT OR IGNORE INTO parts (kind, id) SELECT 2, id FROM people;
CREATE TRIGGER territory_is_a_part AFTER INSERT ON territories BEGIN
  INSERT OR IGNORE INTO parts (kind, id) VALUES (1, new.id);
END;
CREATE TRIGGER person_is_a_part AFTER INSERT ON people BEGIN
  INSERT OR IGNORE INTO parts (kind, id) VALUES (2, new.id);
END;
