-- Sketches are made in another way now; the next load makes those of stored articles anew.
DELETE FROM article_sketches;
