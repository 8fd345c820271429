-- Which words of each film, book or other work are quoted most?
SELECT works.title, works.year, works.type, quotations.speaker, quotations.text, quotations.mentions
FROM quotations
JOIN works USING (work_id)
QUALIFY row_number() OVER (PARTITION BY works.work_id ORDER BY quotations.mentions DESC, quotations.text) <= 10
ORDER BY works.title, works.year, works.work_id, quotations.mentions DESC, quotations.text;
