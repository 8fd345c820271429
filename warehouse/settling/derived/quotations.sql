-- The quotations that the batch touched, counted anew from their quotes, so that no count can drift.
WITH printed AS MATERIALIZED (
    SELECT
        quotes.quotation_id,
        quotes.text,
        quotes.speaker,
        quotes.person_id,
        wordings.words,
        articles.work_id,
        articles.published,
        articles.position,
        coalesce(pages.url, pages.uri) AS address,
        coalesce(pages.host, articles.site, pages.uri) AS site
    FROM quotes
    SEMI JOIN touched_quotations USING (quotation_id)
    JOIN wordings USING (wording_id)
    JOIN articles USING (article_id)
    JOIN pages USING (page_id)
),
texts AS (
    SELECT quotation_id, arg_max(text, (times, length(words), words)) AS text
    FROM (SELECT quotation_id, words, min(text) AS text, count(*) AS times FROM printed GROUP BY ALL)
    GROUP BY quotation_id
),
speakers AS (
    SELECT
        quotation_id,
        arg_max(speaker, (times, contains(speaker, ' '), speaker, person_id)) AS speaker,
        arg_max(person_id, (times, contains(speaker, ' '), speaker, person_id)) AS person_id
    FROM (
        SELECT quotation_id, person_id, arg_max(speaker, (contains(speaker, ' '), times, speaker)) AS speaker,
            sum(times) AS times
        FROM (SELECT quotation_id, person_id, speaker, count(*) AS times FROM printed WHERE person_id IS NOT NULL GROUP BY ALL)
        GROUP BY quotation_id, person_id
    )
    GROUP BY quotation_id
),
origins AS (
    SELECT quotation_id, arg_max(work_id, (times, work_id)) AS work_id
    FROM (SELECT quotation_id, work_id, count(*) AS times FROM printed WHERE work_id IS NOT NULL GROUP BY ALL)
    GROUP BY quotation_id
)
SELECT
    quotation_id,
    any_value(texts.text) AS text,
    any_value(speakers.speaker) AS speaker,
    any_value(speakers.person_id) AS person_id,
    any_value(origins.work_id) AS work_id,
    count(DISTINCT (printed.address, printed.position)) AS mentions,
    count(DISTINCT printed.site) AS sites,
    min(printed.published) AS first_published
FROM printed
JOIN texts USING (quotation_id)
LEFT JOIN speakers USING (quotation_id)
LEFT JOIN origins USING (quotation_id)
GROUP BY quotation_id
