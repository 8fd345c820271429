-- Quotes whose words have not been read: new ones, changed ones, those of articles that turned out to be about another
-- work, and all those that were stored before there were wordings.
UPDATE quotes SET wording_id = NULL
FROM wordings, articles
WHERE quotes.wording_id = wordings.wording_id
  AND quotes.article_id = articles.article_id
  AND articles.page_id IN (SELECT page_id FROM touched_pages)
  AND wordings.work_id IS DISTINCT FROM articles.work_id;
INSERT INTO touched_pages
SELECT DISTINCT page_id FROM articles WHERE article_id IN (SELECT article_id FROM quotes WHERE wording_id IS NULL);
CREATE OR REPLACE TEMP TABLE touched_articles AS SELECT article_id, work_id FROM articles SEMI JOIN touched_pages USING (page_id);
INSERT INTO touched_works
SELECT DISTINCT work_id FROM touched_articles
WHERE work_id IS NOT NULL;
CREATE OR REPLACE TEMP TABLE unread AS
SELECT quotes.quote_id, quotes.text, quotes.speaker, articles.work_id, articles.article_id
FROM quotes JOIN articles USING (article_id)
WHERE quotes.wording_id IS NULL;
CREATE OR REPLACE TEMP TABLE read (quote_id UUID, wording_id UUID);
CREATE OR REPLACE TEMP TABLE fresh AS FROM wordings LIMIT 0;
