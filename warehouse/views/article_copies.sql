-- Articles at different addresses that say nearly the same: each with every later one that shares four fifths of what
-- the shorter of the two says. Versions of one page are no copies.
CREATE VIEW article_copies AS
WITH sketched AS (
    SELECT
        article_id,
        article_sketches.sketch,
        len(article_sketches.sketch) AS size,
        articles.title,
        articles.site,
        articles.published,
        coalesce(pages.url, pages.uri) AS address
    FROM article_sketches
    JOIN articles USING (article_id)
    JOIN pages USING (page_id)
    WHERE len(article_sketches.sketch) >= 10 -- about 80 words; of shorter texts a sample says too little
),
-- Texts with most of their sample in common have some of its eight least hashes in common. A hash that more than 200
-- articles have belongs to a sentence that a site repeats.
least AS (
    SELECT hash, article_id
    FROM (SELECT unnest(sketch[1:8]) AS hash, article_id FROM sketched)
    QUALIFY count(*) OVER (PARTITION BY hash) BETWEEN 2 AND 200
),
near AS (
    SELECT DISTINCT one.article_id AS one, other.article_id AS other
    FROM least AS one
    JOIN least AS other ON one.hash = other.hash AND one.article_id <> other.article_id
)
SELECT
    one.article_id,
    other.article_id AS copy_id,
    len(list_intersect(one.sketch, other.sketch)) / least(one.size, other.size) AS share,
    one.title,
    one.site,
    one.published,
    one.address,
    other.title AS copy_title,
    other.site AS copy_site,
    other.published AS copy_published,
    other.address AS copy_address
FROM near
JOIN sketched AS one ON one.article_id = near.one
JOIN sketched AS other ON other.article_id = near.other
WHERE one.address <> other.address
  AND (coalesce(one.published, DATE '9999-12-31'), one.article_id)
    < (coalesce(other.published, DATE '9999-12-31'), other.article_id)
  AND len(list_intersect(one.sketch, other.sketch)) >= 0.8 * least(one.size, other.size);
COMMENT ON VIEW article_copies IS 'Articles at different addresses that say nearly the same, such as syndicated ones';
