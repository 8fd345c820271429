-- Blocks of the batch's pages that their new extraction no longer has.
DELETE FROM blocks
WHERE page_id IN (SELECT page_id FROM incoming_pages)
  AND (page_id, position) NOT IN (SELECT (page_id, position) FROM incoming_blocks)
