-- The content that a place had before: when it returns it is news again. Standard input is no place.
UPDATE ledger SET state = 'superseded'
WHERE state <> 'superseded'
  AND uri <> '-'
  AND uri IN (SELECT uri FROM incoming_ledger)
  AND (uri, sha256) NOT IN (SELECT (uri, sha256) FROM incoming_ledger)
