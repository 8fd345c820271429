-- By which rules were quotes found, how sure are they, and how often do they know the speaker?
SELECT
    kind,
    rule,
    count(*) AS quotes,
    round(avg(confidence), 3) AS mean_confidence,
    round(count(speaker) / count(*), 3) AS with_speaker
FROM quotes
GROUP BY kind, rule
ORDER BY quotes DESC, kind, rule;
