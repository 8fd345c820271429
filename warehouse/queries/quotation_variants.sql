-- How does the wording of the most repeated quotations vary from article to article?
SELECT quotations.text AS quotation, variants.variant, variants.text, variants.speaker, variants.title, variants.site
FROM quotation_variants AS variants
JOIN (FROM quotations WHERE mentions > 1 ORDER BY mentions DESC, text LIMIT 25) AS quotations USING (quotation_id)
ORDER BY quotations.mentions DESC, quotation, variants.variant, variants.text, variants.quote_id;
