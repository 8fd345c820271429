-- Articles of the batch's pages that their new extraction no longer has, or that a check refused this time.
DELETE FROM articles
WHERE page_id IN (SELECT page_id FROM incoming_pages)
  AND article_id NOT IN (SELECT article_id FROM incoming_articles)
