-- Wordings to the quotations they belong to, and the quotes with them: where two quotations turn out to be one, this
-- is the UPDATE that joins them.
INSERT INTO touched_quotations
SELECT wordings.quotation_id FROM wordings JOIN families USING (wording_id)
WHERE wordings.quotation_id <> families.quotation_id
UNION
SELECT families.quotation_id FROM wordings JOIN families USING (wording_id)
WHERE wordings.quotation_id <> families.quotation_id;
UPDATE wordings SET quotation_id = families.quotation_id
FROM families
WHERE wordings.wording_id = families.wording_id AND wordings.quotation_id <> families.quotation_id;
UPDATE quotes SET quotation_id = wordings.quotation_id
FROM wordings
WHERE quotes.wording_id = wordings.wording_id
  AND quotes.quotation_id IS DISTINCT FROM wordings.quotation_id
  AND wordings.wording_id IN (SELECT wording_id FROM families UNION SELECT wording_id FROM read);
INSERT INTO touched_quotations
SELECT DISTINCT quotation_id FROM quotes
WHERE article_id IN (SELECT article_id FROM touched_articles);
