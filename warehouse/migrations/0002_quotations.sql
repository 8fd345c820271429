-- What is known across pages: quotations, the wordings they are made of, people, copies of articles. All of it follows
-- from quotes, articles and pages, and is settled by each load for what its batch touches, see settle.py.

ALTER TABLE quotes ADD COLUMN wording_id UUID;
ALTER TABLE quotes ADD COLUMN quotation_id UUID;
ALTER TABLE quotes ADD COLUMN person_id UUID;
COMMENT ON COLUMN quotes.wording_id IS 'Its words, whatever their case and punctuation; null until a load has settled it';
COMMENT ON COLUMN quotes.quotation_id IS 'The quotation it is one printing of';
COMMENT ON COLUMN quotes.person_id IS 'Who said it, the same id on every page; null where the page does not tell';

ALTER TABLE article_authors ADD COLUMN person_id UUID;
COMMENT ON COLUMN article_authors.person_id IS 'The author, the same id on every page';

-- No indexes: MERGE keeps the keys unique, and a block of an index would be the largest part of a small warehouse.
CREATE TABLE quotations (
    quotation_id    UUID NOT NULL,
    text            VARCHAR NOT NULL,
    speaker         VARCHAR,
    person_id       UUID,
    work_id         UUID,
    mentions        BIGINT NOT NULL,
    sites           BIGINT NOT NULL,
    first_published DATE
);
COMMENT ON TABLE quotations IS 'The same words across pages: one row for all quotes that print them, whole or in part';
COMMENT ON COLUMN quotations.quotation_id IS 'The least of its wording ids; an id that joined another is still found in wordings';
COMMENT ON COLUMN quotations.text IS 'The wording printed most often; of equals the longest';
COMMENT ON COLUMN quotations.speaker IS 'Name of the person it is mostly attributed to';
COMMENT ON COLUMN quotations.person_id IS 'The person it is mostly attributed to; others are in quotation_conflicts';
COMMENT ON COLUMN quotations.work_id IS 'The work it comes from: the one that most articles with it are about';
COMMENT ON COLUMN quotations.mentions IS 'Articles that have it; versions of one page count once';
COMMENT ON COLUMN quotations.sites IS 'Hosts that have it, or publications or places where there is no host';
COMMENT ON COLUMN quotations.first_published IS 'Day of publication of the earliest article that has it';

CREATE TABLE wordings (
    wording_id   UUID NOT NULL,
    quotation_id UUID NOT NULL,
    words        VARCHAR NOT NULL,
    speaker      VARCHAR,
    work_id      UUID,
    keys         UBIGINT[] NOT NULL
);
COMMENT ON TABLE wordings IS 'Words as one speaker said them of one work, and the quotation they belong to';
COMMENT ON COLUMN wordings.wording_id IS 'Hash of words, speaker and work';
COMMENT ON COLUMN wordings.quotation_id IS 'The quotation it belongs to';
COMMENT ON COLUMN wordings.words IS 'The words in lower case, without punctuation, contractions written out';
COMMENT ON COLUMN wordings.speaker IS 'The name as it is compared: without accents, titles and middle initials';
COMMENT ON COLUMN wordings.work_id IS 'The work of the article it stands in';
COMMENT ON COLUMN wordings.keys IS 'Hashes that wordings of one quotation share; the top bit marks those of all the words';

CREATE TABLE wording_pairs (
    one     UUID NOT NULL,
    other   UUID NOT NULL,
    variant VARCHAR NOT NULL
);
COMMENT ON TABLE wording_pairs IS 'Why wordings are one quotation: every two that were recognised as one line';
COMMENT ON COLUMN wording_pairs.one IS 'A wording; its id is the lesser one';
COMMENT ON COLUMN wording_pairs.other IS 'Another wording';
COMMENT ON COLUMN wording_pairs.variant IS 'exact: the same words by another name; truncated: one is a part of the other; reworded';

CREATE TABLE people (
    person_id UUID NOT NULL,
    name      VARCHAR NOT NULL
);
COMMENT ON TABLE people IS 'Who is quoted or writes, across pages; a namesake who cannot be told to be the same is another row';
COMMENT ON COLUMN people.person_id IS 'Hash of the folded name, and of the work or page for names that stand only there';
COMMENT ON COLUMN people.name IS 'The full name used most often';

CREATE TABLE person_aliases (
    person_id UUID NOT NULL,
    alias     VARCHAR NOT NULL,
    mentions  BIGINT NOT NULL,
    is_name   BOOLEAN NOT NULL
);
COMMENT ON TABLE person_aliases IS 'What people are called';
COMMENT ON COLUMN person_aliases.person_id IS 'The person';
COMMENT ON COLUMN person_aliases.alias IS 'What they are called';
COMMENT ON COLUMN person_aliases.mentions IS 'Quotes and bylines that call them so';
COMMENT ON COLUMN person_aliases.is_name IS 'Whether it is a name that an article was resolved to, not only words in its text';

CREATE TABLE article_sketches (
    article_id UUID NOT NULL,
    sketch     UBIGINT[] NOT NULL
);
COMMENT ON TABLE article_sketches IS 'Samples of what articles say, to find copies of them; see the view article_copies';
COMMENT ON COLUMN article_sketches.article_id IS 'The article';
COMMENT ON COLUMN article_sketches.sketch IS 'Hashes of a sample of its runs of five words, sorted';
