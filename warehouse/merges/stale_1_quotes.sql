-- Quotes of the batch's pages that their new extraction no longer has.
DELETE FROM quotes
WHERE article_id IN (SELECT article_id FROM articles SEMI JOIN incoming_pages USING (page_id))
  AND quote_id NOT IN (SELECT quote_id FROM incoming_quotes)
