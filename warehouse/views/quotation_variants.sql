-- Every printing of every quotation, and how it differs from the quotation's text.
CREATE VIEW quotation_variants AS
SELECT
    quotes.quotation_id,
    CASE
        WHEN quotes.text = quotations.text THEN 'exact'
        WHEN wordings.words = main.words THEN 'case'
        WHEN contains(' ' || main.words || ' ', ' ' || wordings.words || ' ') THEN 'truncated'
        WHEN contains(' ' || wordings.words || ' ', ' ' || main.words || ' ') THEN 'longer'
        ELSE 'reworded'
    END AS variant,
    quotes.text,
    quotes.speaker,
    articles.title,
    articles.site,
    articles.published,
    quotes.quote_id
FROM quotes
JOIN quotations USING (quotation_id)
JOIN wordings USING (wording_id)
JOIN articles USING (article_id)
LEFT JOIN (
    SELECT quotes.quotation_id, any_value(wordings.words) AS words
    FROM quotes
    JOIN quotations ON quotations.quotation_id = quotes.quotation_id AND quotations.text = quotes.text
    JOIN wordings USING (wording_id)
    GROUP BY quotes.quotation_id
) AS main ON main.quotation_id = quotes.quotation_id;
COMMENT ON VIEW quotation_variants IS 'Every printing of every quotation: exact, case (or punctuation), truncated, longer, reworded';
