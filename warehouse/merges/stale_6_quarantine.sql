-- Refusals on the batch's pages, and those that were tried again, that did not come again: the page is mended, or the
-- extractor is.
UPDATE quarantine SET status = 'resolved'
WHERE status = 'open'
  AND (page_id IN (SELECT page_id FROM incoming_pages) OR item_id IN (SELECT item_id FROM incoming_retried))
  AND item_id NOT IN (SELECT item_id FROM incoming_quarantine)
