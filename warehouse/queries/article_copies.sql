-- Which articles are copies of others, such as syndicated ones?
SELECT title, site, address, copy_title, copy_site, copy_address, round(share, 2) AS share
FROM article_copies
ORDER BY share DESC, title, copy_address;
