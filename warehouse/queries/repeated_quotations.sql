-- Which quotations are printed in the most articles, and on how many sites?
SELECT quotations.mentions, quotations.sites, quotations.speaker, quotations.text, works.title AS work,
    quotations.first_published
FROM quotations
LEFT JOIN works USING (work_id)
WHERE quotations.mentions > 1
ORDER BY quotations.mentions DESC, quotations.sites DESC, quotations.text, quotations.quotation_id
LIMIT 100;
