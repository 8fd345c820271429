-- Ids are the first 128 bits of a SHA-256 as UUID (a quarter of the load time of hex text, see ARCHITECTURE.md).
-- No foreign keys: DuckDB refuses to delete and insert one key in a transaction when another table points at it.

CREATE TABLE pages (
    page_id     UUID PRIMARY KEY,
    uri         VARCHAR NOT NULL,
    url         VARCHAR,
    host        VARCHAR,
    format      VARCHAR NOT NULL,
    charset     VARCHAR NOT NULL,
    language    VARCHAR,
    bytes       BIGINT NOT NULL,
    sha256      VARCHAR NOT NULL,
    fetched_at  TIMESTAMPTZ,
    first_seen  TIMESTAMPTZ NOT NULL,
    run_id      UUID NOT NULL
);
COMMENT ON TABLE pages IS 'One document as it was obtained; the same bytes under the same url are one page';
COMMENT ON COLUMN pages.page_id IS 'Hash of the bytes and the url';
COMMENT ON COLUMN pages.uri IS 'Where it was first read from, as given to the ingest; the ledger has the other places';
COMMENT ON COLUMN pages.url IS 'Web address it was published under, where known';
COMMENT ON COLUMN pages.host IS 'Host of the url';
COMMENT ON COLUMN pages.format IS 'html or text';
COMMENT ON COLUMN pages.charset IS 'Encoding its bytes were read with';
COMMENT ON COLUMN pages.language IS 'Language of the page as a BCP 47 code, where known';
COMMENT ON COLUMN pages.bytes IS 'Length in bytes';
COMMENT ON COLUMN pages.sha256 IS 'SHA-256 of the bytes, in hex';
COMMENT ON COLUMN pages.fetched_at IS 'When it was fetched, where the source tells';
COMMENT ON COLUMN pages.first_seen IS 'When it first came into this warehouse';
COMMENT ON COLUMN pages.run_id IS 'The run that wrote this row last';

CREATE TABLE articles (
    article_id        UUID PRIMARY KEY,
    page_id           UUID NOT NULL,
    position          BIGINT NOT NULL,
    kind              VARCHAR NOT NULL,
    title             VARCHAR,
    site              VARCHAR,
    published         DATE,
    published_source  VARCHAR,
    modified          DATE,
    language          VARCHAR,
    body              VARCHAR NOT NULL USING COMPRESSION zstd,
    word_count        BIGINT NOT NULL,
    quote_count       BIGINT NOT NULL,
    confidence        DOUBLE NOT NULL,
    flags             VARCHAR[] NOT NULL,
    boilerplate_share DOUBLE NOT NULL,
    work_id           UUID,
    extractor_version VARCHAR NOT NULL,
    run_id            UUID NOT NULL
);
COMMENT ON TABLE articles IS 'One article of a page; a page has none, one or many';
COMMENT ON COLUMN articles.article_id IS 'Stable id of the article';
COMMENT ON COLUMN articles.page_id IS 'The page it stands on';
COMMENT ON COLUMN articles.position IS 'Its place among the articles of the page, from 0';
COMMENT ON COLUMN articles.kind IS 'article, review, interview, quote_page, list or other';
COMMENT ON COLUMN articles.title IS 'Headline';
COMMENT ON COLUMN articles.site IS 'Name of the publication';
COMMENT ON COLUMN articles.published IS 'Day of publication';
COMMENT ON COLUMN articles.published_source IS 'What told the day of publication: json-ld, meta, time, byline, url, text or htmldate';
COMMENT ON COLUMN articles.modified IS 'Day of the last change that the page tells of';
COMMENT ON COLUMN articles.language IS 'Language as a BCP 47 code, where known';
COMMENT ON COLUMN articles.body IS 'The paragraphs, separated by a blank line';
COMMENT ON COLUMN articles.word_count IS 'Words in the body';
COMMENT ON COLUMN articles.quote_count IS 'Quotes that the extractor found in the body';
COMMENT ON COLUMN articles.confidence IS 'How sure the extractor is that this is an article, 0 to 1';
COMMENT ON COLUMN articles.flags IS 'Remarks of the extractor, such as paywalled';
COMMENT ON COLUMN articles.boilerplate_share IS 'Share of the text within the article''s reach that was dropped as boilerplate, 0 to 1';
COMMENT ON COLUMN articles.work_id IS 'The film, book or other work it is about';
COMMENT ON COLUMN articles.extractor_version IS 'Version of the extractor that produced this row';
COMMENT ON COLUMN articles.run_id IS 'The run that wrote this row last';

CREATE TABLE article_authors (
    article_id UUID NOT NULL,
    position   BIGINT NOT NULL,
    name       VARCHAR NOT NULL,
    PRIMARY KEY (article_id, position)
);
COMMENT ON TABLE article_authors IS 'Who wrote an article, in the order of its byline';
COMMENT ON COLUMN article_authors.article_id IS 'The article';
COMMENT ON COLUMN article_authors.position IS 'Place in the byline, from 0';
COMMENT ON COLUMN article_authors.name IS 'Name as written';

CREATE TABLE quotes (
    quote_id           UUID PRIMARY KEY,
    article_id         UUID NOT NULL,
    position           BIGINT NOT NULL,
    text               VARCHAR NOT NULL,
    speaker            VARCHAR,
    speaker_as_written VARCHAR,
    kind               VARCHAR NOT NULL,
    stage_directions   VARCHAR[] NOT NULL,
    conversation       BIGINT,
    parts              BIGINT[][] NOT NULL,
    start              BIGINT NOT NULL,
    stop               BIGINT NOT NULL,
    rule               VARCHAR NOT NULL,
    confidence         DOUBLE NOT NULL,
    before             VARCHAR NOT NULL,
    after              VARCHAR NOT NULL,
    run_id             UUID NOT NULL
);
COMMENT ON TABLE quotes IS 'Words somebody said or wrote: slices of an article''s body';
COMMENT ON COLUMN quotes.quote_id IS 'Stable id of the quote';
COMMENT ON COLUMN quotes.article_id IS 'The article it stands in';
COMMENT ON COLUMN quotes.position IS 'Its place among the quotes of the article, from 0';
COMMENT ON COLUMN quotes.text IS 'The words, without outer marks and stage directions: the parts, joined by a space, or a newline between paragraphs';
COMMENT ON COLUMN quotes.speaker IS 'Canonical name of who said it; null where the page does not tell';
COMMENT ON COLUMN quotes.speaker_as_written IS 'The words that name the speaker in the text, such as she';
COMMENT ON COLUMN quotes.kind IS 'dialogue_line, list_item, inline_direct, block, epigraph, interview_answer or interview_question';
COMMENT ON COLUMN quotes.stage_directions IS 'Directions such as laughs, in order';
COMMENT ON COLUMN quotes.conversation IS 'Number of the exchange within the article that it belongs to';
COMMENT ON COLUMN quotes.parts IS 'Its slices of the body as [start, stop), in characters from 0';
COMMENT ON COLUMN quotes.start IS 'Where its first part starts in the body, in characters from 0';
COMMENT ON COLUMN quotes.stop IS 'Where its last part stops in the body';
COMMENT ON COLUMN quotes.rule IS 'The rule that found or attributed it';
COMMENT ON COLUMN quotes.confidence IS 'How sure the extractor is of the quote and its speaker, 0 to 1';
COMMENT ON COLUMN quotes.before IS 'Words of the body before it';
COMMENT ON COLUMN quotes.after IS 'Words of the body after it';
COMMENT ON COLUMN quotes.run_id IS 'The run that wrote this row last';

-- No index: the largest table by rows is only ever read and written by whole pages, and MERGE keeps its key unique.
CREATE TABLE blocks (
    page_id    UUID NOT NULL,
    position   BIGINT NOT NULL,
    line       BIGINT,
    role       VARCHAR NOT NULL,
    reason     VARCHAR NOT NULL,
    score      DOUBLE NOT NULL,
    article_id UUID,
    text_hash  UUID NOT NULL
);
COMMENT ON TABLE blocks IS 'Every run of text of a page with the extractor''s verdict, so that each drop can be explained';
COMMENT ON COLUMN blocks.page_id IS 'The page';
COMMENT ON COLUMN blocks.position IS 'Its place among the blocks of the page, from 0';
COMMENT ON COLUMN blocks.line IS 'First line in a text page, from 1; null in HTML';
COMMENT ON COLUMN blocks.role IS 'content, title, byline, date, caption, quote or boilerplate';
COMMENT ON COLUMN blocks.reason IS 'Why it has this role';
COMMENT ON COLUMN blocks.score IS 'Probability that it belongs to an article, 0 to 1';
COMMENT ON COLUMN blocks.article_id IS 'The article it went into, be that loaded or in quarantine; null: in none';
COMMENT ON COLUMN blocks.text_hash IS 'Hash of its text, the same for texts that differ in white space only';

CREATE TABLE works (
    work_id UUID PRIMARY KEY,
    title   VARCHAR NOT NULL,
    year    BIGINT,
    type    VARCHAR NOT NULL
);
COMMENT ON TABLE works IS 'The films, books and other works that articles are about';
COMMENT ON COLUMN works.work_id IS 'Hash of type, folded title and year';
COMMENT ON COLUMN works.title IS 'Title as first met';
COMMENT ON COLUMN works.year IS 'Year it came out';
COMMENT ON COLUMN works.type IS 'film, series, book, play, album, game or other';

CREATE TABLE runs (
    run_id                UUID PRIMARY KEY,
    trigger               VARCHAR NOT NULL,
    started               TIMESTAMPTZ NOT NULL,
    finished              TIMESTAMPTZ NOT NULL,
    state                 VARCHAR NOT NULL,
    sources               BIGINT NOT NULL,
    unchanged             BIGINT NOT NULL,
    refused               BIGINT NOT NULL,
    duplicates            BIGINT NOT NULL,
    pages                 BIGINT NOT NULL,
    pages_with_articles   BIGINT NOT NULL,
    pages_without_article BIGINT NOT NULL,
    articles              BIGINT NOT NULL,
    articles_quarantined  BIGINT NOT NULL,
    articles_loaded       BIGINT NOT NULL,
    quotes                BIGINT NOT NULL,
    quotes_quarantined    BIGINT NOT NULL,
    quotes_loaded         BIGINT NOT NULL,
    quotes_rejected       BIGINT NOT NULL,
    extractor_version     VARCHAR NOT NULL,
    config_hash           VARCHAR NOT NULL
);
COMMENT ON TABLE runs IS 'One row per ingest that brought something new, with its funnel';
COMMENT ON COLUMN runs.run_id IS 'Id of the run';
COMMENT ON COLUMN runs.trigger IS 'What started it';
COMMENT ON COLUMN runs.started IS 'When it started';
COMMENT ON COLUMN runs.finished IS 'When its batch was ready to load';
COMMENT ON COLUMN runs.state IS 'passed, warned or refused';
COMMENT ON COLUMN runs.sources IS 'Documents met';
COMMENT ON COLUMN runs.unchanged IS 'Documents that an earlier run had dealt with';
COMMENT ON COLUMN runs.refused IS 'Documents that gave no page: unreadable, empty, binary and the like';
COMMENT ON COLUMN runs.duplicates IS 'Pages met again within the run';
COMMENT ON COLUMN runs.pages IS 'Pages extracted';
COMMENT ON COLUMN runs.pages_with_articles IS 'Pages with at least one article';
COMMENT ON COLUMN runs.pages_without_article IS 'Pages without an article';
COMMENT ON COLUMN runs.articles IS 'Articles extracted';
COMMENT ON COLUMN runs.articles_quarantined IS 'Articles refused by a critical check';
COMMENT ON COLUMN runs.articles_loaded IS 'Articles that passed the checks';
COMMENT ON COLUMN runs.quotes IS 'Quotes extracted';
COMMENT ON COLUMN runs.quotes_quarantined IS 'Quotes refused by a critical check, or with their article';
COMMENT ON COLUMN runs.quotes_loaded IS 'Quotes that passed the checks';
COMMENT ON COLUMN runs.quotes_rejected IS 'Candidates that the extractor found not to be quotes';
COMMENT ON COLUMN runs.extractor_version IS 'Version of the extractor';
COMMENT ON COLUMN runs.config_hash IS 'Hash of the settings';

CREATE TABLE checks (
    run_id           UUID NOT NULL,
    table_name       VARCHAR NOT NULL,
    expectation      VARCHAR NOT NULL,
    name             VARCHAR NOT NULL,
    column_name      VARCHAR,
    severity         VARCHAR NOT NULL,
    description      VARCHAR NOT NULL,
    success          BOOLEAN NOT NULL,
    unexpected_count BIGINT NOT NULL,
    observed         VARCHAR,
    failing          VARCHAR[] NOT NULL,
    PRIMARY KEY (run_id, table_name, name)
);
COMMENT ON TABLE checks IS 'The answer of every check on every run''s batch';
COMMENT ON COLUMN checks.run_id IS 'The run';
COMMENT ON COLUMN checks.table_name IS 'The table whose new rows were checked';
COMMENT ON COLUMN checks.expectation IS 'The Great Expectations expectation';
COMMENT ON COLUMN checks.name IS 'Name of the check in its suite';
COMMENT ON COLUMN checks.column_name IS 'The column it looks at';
COMMENT ON COLUMN checks.severity IS 'critical: a failing row is quarantined; warning: it is reported';
COMMENT ON COLUMN checks.description IS 'The check in plain words';
COMMENT ON COLUMN checks.success IS 'Whether every row passed';
COMMENT ON COLUMN checks.unexpected_count IS 'Rows that failed';
COMMENT ON COLUMN checks.observed IS 'What a check of the whole batch observed';
COMMENT ON COLUMN checks.failing IS 'Ids of rows that failed, at most 100';

CREATE TABLE quarantine (
    item_id UUID PRIMARY KEY,
    stage   VARCHAR NOT NULL,
    code    VARCHAR NOT NULL,
    detail  VARCHAR NOT NULL,
    uri     VARCHAR NOT NULL,
    page_id UUID,
    payload BLOB NOT NULL,
    status  VARCHAR NOT NULL,
    run_id  UUID NOT NULL
);
COMMENT ON TABLE quarantine IS 'What was refused, with its bytes';
COMMENT ON COLUMN quarantine.item_id IS 'Stable id of the refusal: the same refusal in a later run is the same item';
COMMENT ON COLUMN quarantine.stage IS 'The step that refused it; check: a critical check';
COMMENT ON COLUMN quarantine.code IS 'Stable code of the reason';
COMMENT ON COLUMN quarantine.detail IS 'The reason in plain words';
COMMENT ON COLUMN quarantine.uri IS 'Where it came from';
COMMENT ON COLUMN quarantine.page_id IS 'Its page, if one came of it';
COMMENT ON COLUMN quarantine.payload IS 'Its bytes; for a critical row the row as JSON';
COMMENT ON COLUMN quarantine.status IS 'open, or resolved: a later extraction of the page no longer has it';
COMMENT ON COLUMN quarantine.run_id IS 'The run that refused it last';

CREATE TABLE ledger (
    uri      VARCHAR NOT NULL,
    sha256   VARCHAR NOT NULL,
    state    VARCHAR NOT NULL,
    position BIGINT,
    run_id   UUID NOT NULL,
    PRIMARY KEY (uri, sha256)
);
COMMENT ON TABLE ledger IS 'Inputs that need no second look, by place and content';
COMMENT ON COLUMN ledger.uri IS 'Place of the input, as given to the ingest';
COMMENT ON COLUMN ledger.sha256 IS 'SHA-256 of its bytes, in hex';
COMMENT ON COLUMN ledger.state IS 'loaded, no_article or refused';
COMMENT ON COLUMN ledger.position IS 'How far a run came, in bytes; null: all of it';
COMMENT ON COLUMN ledger.run_id IS 'The run that dealt with it';
