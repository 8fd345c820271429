-- Refusals on the batch's pages, those of places that could not be read or fetched then and could now, and those that
-- were tried again, that did not come again: the page is mended, or the place, or the extractor is.
UPDATE quarantine SET status = 'resolved'
WHERE status = 'open'
  AND (
    page_id IN (SELECT page_id FROM incoming_pages)
    OR (stage IN ('source', 'fetch') AND uri IN (SELECT uri FROM incoming_ledger))
    OR item_id IN (SELECT item_id FROM incoming_retried)
  )
  AND item_id NOT IN (SELECT item_id FROM incoming_quarantine)
