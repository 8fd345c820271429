-- Authors of the batch's pages that their new extraction no longer has.
DELETE FROM article_authors
WHERE article_id IN (SELECT article_id FROM articles SEMI JOIN incoming_pages USING (page_id))
  AND (article_id, position) NOT IN (SELECT (article_id, position) FROM incoming_article_authors)
