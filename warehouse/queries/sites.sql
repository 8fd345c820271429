-- What did each site bring, and how much of its text was boilerplate?
SELECT
    site,
    count(*) AS articles,
    sum(word_count)::BIGINT AS words,
    sum(quote_count)::BIGINT AS quotes,
    round(1000 * sum(quote_count) / nullif(sum(word_count), 0), 1) AS quotes_per_1000_words,
    round(avg(boilerplate_share), 3) AS boilerplate_share
FROM articles_current
GROUP BY site
ORDER BY articles DESC, site;
