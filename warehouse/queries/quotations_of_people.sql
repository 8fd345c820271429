-- What did each person say, the most repeated words first?
-- $person VARCHAR = NULL: a name, or a part of one; all, if not given
SELECT people.name AS person, quotations.text, quotations.mentions, quotations.sites, works.title AS work
FROM quotations
JOIN people USING (person_id)
LEFT JOIN works USING (work_id)
WHERE $person IS NULL OR contains(lower(people.name), lower($person))
ORDER BY person, quotations.mentions DESC, quotations.text;
