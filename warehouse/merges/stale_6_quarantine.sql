-- Refusals on the batch's pages that did not come again: the page is mended, or the extractor is.
UPDATE quarantine SET status = 'resolved'
WHERE status = 'open'
  AND page_id IN (SELECT page_id FROM incoming_pages)
  AND item_id NOT IN (SELECT item_id FROM incoming_quarantine)
