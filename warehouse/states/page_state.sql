-- What the warehouse knows of a page: by its id, or by the end of the place that it was read from.
SELECT
    (SELECT state FROM ledger WHERE ends_with(uri, $place) ORDER BY state LIMIT 1) AS state,
    (SELECT count(*) FROM pages WHERE page_id = $page_id) AS pages,
    (SELECT count(*) FROM articles WHERE page_id = $page_id) AS articles,
    (SELECT count(*) FROM quotes JOIN articles USING (article_id) WHERE page_id = $page_id) AS quotes,
    (SELECT {'code': code, 'detail': detail} FROM quarantine
     WHERE status = 'open' AND (page_id = $page_id OR ends_with(uri, $place))
     ORDER BY code LIMIT 1) AS refusal
