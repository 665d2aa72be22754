-- Triggers make SQLite open a savepoint at each statement that might fire them, at which full-text search writes out what
-- it has gathered. So they are made when a sum is kept, and dropped with it.
DROP TRIGGER digest_office_comes;
DROP TRIGGER digest_office_changes;
DROP TRIGGER digest_office_goes;
DROP TRIGGER digest_document_comes;
DROP TRIGGER digest_document_changes;
DROP TRIGGER digest_document_goes;
DROP TRIGGER digest_client_comes;
DROP TRIGGER digest_client_changes;
DROP TRIGGER digest_client_goes;
DELETE FROM digest;
DELETE FROM digest_office;
DELETE FROM digest_documents;
