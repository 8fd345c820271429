-- Which quotations are attributed to different people, and by how many quotes each?
SELECT text, claims
FROM quotation_conflicts
ORDER BY len(claims) DESC, text;
