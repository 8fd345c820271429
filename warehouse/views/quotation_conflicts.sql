-- Quotations that articles attribute to different people.
CREATE VIEW quotation_conflicts AS
SELECT
    quotations.quotation_id,
    any_value(quotations.text) AS text,
    list({'person': people.name, 'quotes': claims.quotes} ORDER BY claims.quotes DESC, people.name) AS claims
FROM (
    SELECT quotation_id, person_id, count(*) AS quotes
    FROM quotes
    WHERE person_id IS NOT NULL
    GROUP BY quotation_id, person_id
) AS claims
JOIN people USING (person_id)
JOIN quotations USING (quotation_id)
GROUP BY quotations.quotation_id
HAVING count(*) > 1;
COMMENT ON VIEW quotation_conflicts IS 'Quotations that articles attribute to different people';
