-- They are there while a sum is kept, and only then.
-- The conflict clause of a statement would also hold inside of its triggers: so nothing here relies on one.
-- Before, and with what is there: a row that is inserted over another one deletes that without a trigger's knowing.
CREATE TRIGGER digest_office_comes BEFORE INSERT ON office BEGIN
  INSERT INTO digest_office (kind, source, key, value) SELECT NEW.kind, NEW.source, NEW.key,
    (SELECT value FROM office WHERE kind = NEW.kind AND source = NEW.source AND key = NEW.key)
  WHERE NOT EXISTS (SELECT 1 FROM digest_office WHERE kind = NEW.kind AND source = NEW.source AND key = NEW.key);
END;
CREATE TRIGGER digest_office_changes AFTER UPDATE OF value ON office
WHEN OLD.value IS NOT NEW.value BEGIN
  INSERT INTO digest_office (kind, source, key, value) SELECT OLD.kind, OLD.source, OLD.key, OLD.value
  WHERE NOT EXISTS (SELECT 1 FROM digest_office WHERE kind = OLD.kind AND source = OLD.source AND key = OLD.key);
END;
CREATE TRIGGER digest_office_goes AFTER DELETE ON office BEGIN
  INSERT INTO digest_office (kind, source, key, value) SELECT OLD.kind, OLD.source, OLD.key, OLD.value
  WHERE NOT EXISTS (SELECT 1 FROM digest_office WHERE kind = OLD.kind AND source = OLD.source AND key = OLD.key);
END;

CREATE TRIGGER digest_document_comes AFTER INSERT ON documents BEGIN
  INSERT INTO digest_documents (id, generation, acked) SELECT NEW.id, 0, x''
  WHERE NOT EXISTS (SELECT 1 FROM digest_documents WHERE id = NEW.id);
END;
CREATE TRIGGER digest_document_changes AFTER UPDATE OF generation, acked ON documents
WHEN (OLD.acked IS NOT NEW.acked OR OLD.generation IS NOT NEW.generation) BEGIN
  INSERT INTO digest_documents (id, generation, territory, alias_of, acked)
  SELECT OLD.id, OLD.generation, (SELECT territory FROM clients WHERE doc = OLD.doc),
    (SELECT alias_of FROM clients WHERE doc = OLD.doc), OLD.acked
  WHERE NOT EXISTS (SELECT 1 FROM digest_documents WHERE id = OLD.id);
END;
-- Before its client's row goes with it.
CREATE TRIGGER digest_document_goes BEFORE DELETE ON documents BEGIN
  INSERT INTO digest_documents (id, generation, territory, alias_of, acked)
  SELECT OLD.id, OLD.generation, (SELECT territory FROM clients WHERE doc = OLD.doc),
    (SELECT alias_of FROM clients WHERE doc = OLD.doc), OLD.acked
  WHERE NOT EXISTS (SELECT 1 FROM digest_documents WHERE id = OLD.id);
END;
CREATE TRIGGER digest_client_comes AFTER INSERT ON clients
WHEN (NEW.territory IS NOT NULL OR NEW.alias_of IS NOT NULL) BEGIN
  INSERT INTO digest_documents (id, generation, acked) SELECT id, generation, acked FROM documents
  WHERE doc = NEW.doc AND id NOT IN (SELECT id FROM digest_documents);
END;
CREATE TRIGGER digest_client_changes AFTER UPDATE OF territory, alias_of ON clients
WHEN (OLD.territory IS NOT NEW.territory OR OLD.alias_of IS NOT NEW.alias_of) BEGIN
  INSERT INTO digest_documents (id, generation, territory, alias_of, acked)
  SELECT id, generation, OLD.territory, OLD.alias_of, acked FROM documents
  WHERE doc = OLD.doc AND id NOT IN (SELECT id FROM digest_documents);
END;
CREATE TRIGGER digest_client_goes AFTER DELETE ON clients
WHEN (OLD.territory IS NOT NULL OR OLD.alias_of IS NOT NULL) BEGIN
  INSERT INTO digest_documents (id, generation, territory, alias_of, acked)
  SELECT id, generation, OLD.territory, OLD.alias_of, acked FROM documents
  WHERE doc = OLD.doc AND id NOT IN (SELECT id FROM digest_documents);
END;
