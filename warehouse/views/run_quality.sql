-- Each run with its checks counted and the shares that tell how well it went.
CREATE VIEW run_quality AS
SELECT
    runs.run_id,
    runs.started,
    runs.finished - runs.started AS duration,
    runs.state,
    runs.pages,
    runs.articles_loaded,
    runs.quotes_loaded,
    coalesce(failed.critical, 0) AS critical_failed,
    coalesce(failed.blocking, 0) AS blocking_failed,
    coalesce(failed.warning, 0) AS warnings_failed,
    runs.pages_with_articles / nullif(runs.pages, 0) AS extraction_rate,
    runs.articles_quarantined / nullif(runs.articles, 0) AS articles_quarantined_share,
    runs.quotes_quarantined / nullif(runs.quotes, 0) AS quotes_quarantined_share,
    measured.quotes_per_1000_words,
    measured.without_title,
    measured.without_date,
    measured.without_author,
    measured.without_speaker,
    measured.repeated_articles,
    runs.accepted,
    runs.extractor_version
FROM runs
LEFT JOIN (
    SELECT
        run_id,
        count(*) FILTER (severity = 'critical') AS critical,
        count(*) FILTER (severity = 'blocking') AS blocking,
        count(*) FILTER (severity = 'warning') AS warning
    FROM checks
    WHERE NOT success
    GROUP BY run_id
) AS failed USING (run_id)
LEFT JOIN (
    SELECT
        run_id,
        max(value) FILTER (name = 'quotes_per_1000_words') AS quotes_per_1000_words,
        max(value) FILTER (name = 'without_title') AS without_title,
        max(value) FILTER (name = 'without_date') AS without_date,
        max(value) FILTER (name = 'without_author') AS without_author,
        max(value) FILTER (name = 'without_speaker') AS without_speaker,
        max(value) FILTER (name = 'repeated_articles') AS repeated_articles
    FROM measures
    WHERE scope = ''
    GROUP BY run_id
) AS measured USING (run_id)
ORDER BY runs.started DESC;
COMMENT ON VIEW run_quality IS 'Each run with its failed checks and the shares that tell how well it went';
