-- Before a batch is merged: what is known across pages of the pages that it brings again.
CREATE OR REPLACE TEMP TABLE touched_pages AS SELECT page_id FROM incoming_pages;
CREATE OR REPLACE TEMP TABLE touched_articles AS SELECT article_id, work_id FROM articles SEMI JOIN touched_pages USING (page_id);
CREATE OR REPLACE TEMP TABLE touched_wordings AS
SELECT DISTINCT wording_id FROM quotes
WHERE wording_id IS NOT NULL AND article_id IN (SELECT article_id FROM touched_articles);
CREATE OR REPLACE TEMP TABLE touched_quotations AS
SELECT DISTINCT quotation_id FROM quotes
WHERE quotation_id IS NOT NULL AND article_id IN (SELECT article_id FROM touched_articles);
CREATE OR REPLACE TEMP TABLE touched_people AS
SELECT person_id FROM quotes
WHERE person_id IS NOT NULL AND article_id IN (SELECT article_id FROM touched_articles)
UNION
SELECT person_id FROM article_authors
WHERE person_id IS NOT NULL AND article_id IN (SELECT article_id FROM touched_articles);
CREATE OR REPLACE TEMP TABLE touched_works AS
SELECT DISTINCT work_id FROM touched_articles
WHERE work_id IS NOT NULL;
-- Who speaks in the articles about each work: the same question before and after the merge.
CREATE OR REPLACE TEMP VIEW characters AS
SELECT DISTINCT articles.work_id, quotes.speaker AS name
FROM quotes JOIN articles USING (article_id)
WHERE quotes.kind = 'dialogue_line' AND quotes.speaker IS NOT NULL AND articles.work_id IS NOT NULL;
CREATE OR REPLACE TEMP TABLE cast_before AS
FROM characters
WHERE work_id IN (FROM touched_works UNION SELECT work_id FROM incoming_articles WHERE work_id IS NOT NULL);
