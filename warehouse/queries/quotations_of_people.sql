-- What did each person say, the most repeated words first?
SELECT people.name AS person, quotations.text, quotations.mentions, quotations.sites, works.title AS work
FROM quotations
JOIN people USING (person_id)
LEFT JOIN works USING (work_id)
ORDER BY person, quotations.mentions DESC, quotations.text;
