-- How the texts, dates and quotes of a batch are spread: (aspect, value, count), at most 12 values of each aspect.
WITH found AS (
    SELECT 'Language of the articles' AS aspect, coalesce(language, 'unknown') AS value, NULL AS place FROM articles
    UNION ALL SELECT 'What told the date', coalesce(published_source, 'no date'), NULL FROM articles
    UNION ALL SELECT 'Kind of article', replace(kind, '_', ' '), NULL FROM articles
    UNION ALL SELECT 'Kind of quote', replace(kind, '_', ' '), NULL FROM quotes
    UNION ALL SELECT 'Charset of the pages', charset, NULL FROM pages
    UNION ALL SELECT 'Rule that found or attributed the quote', rule, NULL FROM quotes
    UNION ALL
    SELECT
        'Words of an article',
        CASE WHEN word_count < 100 THEN 'under 100' WHEN word_count < 300 THEN '100 to 299'
             WHEN word_count < 1000 THEN '300 to 999' WHEN word_count < 3000 THEN '1,000 to 2,999' ELSE '3,000 and more' END,
        CASE WHEN word_count < 100 THEN 0 WHEN word_count < 300 THEN 1 WHEN word_count < 1000 THEN 2
             WHEN word_count < 3000 THEN 3 ELSE 4 END
    FROM articles
    UNION ALL
    SELECT
        'Confidence of a quote',
        CASE WHEN confidence < 0.5 THEN 'under 0.5' WHEN confidence < 0.7 THEN '0.5 to 0.69'
             WHEN confidence < 0.9 THEN '0.7 to 0.89' ELSE '0.9 and more' END,
        CASE WHEN confidence < 0.5 THEN 0 WHEN confidence < 0.7 THEN 1 WHEN confidence < 0.9 THEN 2 ELSE 3 END
    FROM quotes
)
SELECT aspect, value, count(*) AS count
FROM found
GROUP BY aspect, value, place
QUALIFY row_number() OVER (PARTITION BY aspect ORDER BY count(*) DESC, value) <= 12
ORDER BY aspect, place NULLS LAST, count DESC, value
