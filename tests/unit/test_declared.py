"""What heads declare becomes numbers; a head that says nothing is something else than none."""

import math

import pytest

from extractors.blocks.declared import NAMES, declared_features, undeclared
from extractors.blocks.document import Head
from extractors.blocks.html import documents_of
from extractors.blocks.pieces import TEXT_NAMES, piece_features
from extractors.blocks.stack import Stack
from extractors.blocks.text import document_of

ARTICLE = Head(
    title="A long day | The Paper",
    canonical="https://example.org/news/2026/11/a-long-day",
    metas=(("og:type", "article"), ("article:published_time", "2026-11-02"), ("author", "Ada Writer")),
    json_ld=('{"@type": ["NewsArticle"], "author": {"@type": "Person"}}',),
)
PRODUCT = Head(
    canonical="https://example.org/shop/chair-4711.html",
    metas=(("og:type", "product.item"), ("product:price:amount", "9")),
    json_ld=('{"@type":"Product","offers":{"@type":"Offer"}}', "no JSON at all"),
)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (
            ARTICLE,
            {
                "og_article": 1,
                "meta_published": 1,
                "meta_article": 1,
                "meta_author": 1,
                "meta_product": 0,
                "schema_article": 1,
                "schema_person": 1,
                "schema_product": 0,
                "scripts": 1,
                "types": 2,
                "path_parts": 4,
                "slug_words": 2,
                "path_year": 1,
                "path_article": 1,
                "front_page": 0,
            },
        ),
        (
            PRODUCT,
            {
                "og_article": 0,
                "og_product": 1,
                "og_other": 0,
                "meta_product": 1,
                "schema_product": 2,
                "scripts": 2,
                "path_product": 1,
                "path_year": 0,
                "slug_digits": 1,
                "slug_file": 1,
            },
        ),
        (Head(canonical="http://[", title="x"), {"addressed": 0, "og_none": 1, "title_length": 1}),
        (Head(canonical="https://example.org/"), {"addressed": 1, "front_page": 1, "path_parts": 0}),
    ],
)
def test_a_head_is_read(head: Head, said: dict[str, int]) -> None:
    found = dict(zip(NAMES, declared_features(head).tolist(), strict=True))
    assert {name: found[name] for name in said} == said


def test_only_html_has_a_head_and_a_silent_one_is_unknown() -> None:
    (page,) = documents_of("<html><head><title>A title</title></head><body><p>Words.</p></body></html>")
    (silent,) = documents_of("<html><head></head><body><p>Words.</p></body></html>")
    text = document_of("Words.\n")
    rows = {
        name: piece_features(Stack([d]), d.lines.words * 0)[0]
        for name, d in (("page", page), ("silent", silent), ("text", text))
    }
    assert len(rows["text"]) == len(TEXT_NAMES)
    assert not math.isnan(rows["page"][-1])
    assert all(map(math.isnan, rows["silent"][len(TEXT_NAMES) :]))
    assert all(map(math.isnan, piece_features(Stack([page]), page.lines.words * 0, blind=True)[0][len(TEXT_NAMES) :]))
    assert len(undeclared()) == len(NAMES)
