-- The articles of the newest version of each page: an edited page is a new page at the same address.
CREATE VIEW articles_current AS
SELECT
    articles.*,
    coalesce(pages.url, pages.uri) AS address,
    pages.host,
    coalesce(pages.returned, pages.fetched_at, pages.first_seen) AS seen
FROM articles
JOIN (
    FROM pages
    QUALIFY row_number() OVER (
        PARTITION BY coalesce(url, uri)
        ORDER BY coalesce(returned, fetched_at, first_seen) DESC, first_seen DESC, page_id
    ) = 1
) AS pages USING (page_id);
COMMENT ON VIEW articles_current IS 'The articles of the newest version of each page';
