-- Quotes to the people who said them. `persons` is what the mentions were found to be.
CREATE OR REPLACE TEMP TABLE newly_said AS
SELECT quotes.quote_id, quotes.quotation_id, quotes.person_id AS person_before, persons.person_id
FROM quotes
JOIN articles USING (article_id)
JOIN persons
    ON persons.page_id = articles.page_id
    AND persons.work_id IS NOT DISTINCT FROM articles.work_id
    AND persons.name = quotes.speaker
WHERE quotes.person_id IS DISTINCT FROM persons.person_id;
UPDATE quotes SET person_id = newly_said.person_id FROM newly_said WHERE quotes.quote_id = newly_said.quote_id;
UPDATE article_authors SET person_id = written_by.person_id
FROM written_by
WHERE article_authors.article_id = written_by.article_id AND article_authors.position = written_by.position;
INSERT INTO touched_quotations SELECT quotation_id FROM newly_said;
INSERT INTO touched_people
SELECT person_before FROM newly_said WHERE person_before IS NOT NULL
UNION
SELECT person_id FROM newly_said
UNION
SELECT person_id FROM written_by
UNION
SELECT person_id FROM quotes
WHERE person_id IS NOT NULL AND article_id IN (SELECT article_id FROM touched_articles);
