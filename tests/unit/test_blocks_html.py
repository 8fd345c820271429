"""HTML → blocks: what becomes a block, where it stands, and which pages are refused."""

import pytest

from extractors.blocks import html
from extractors.blocks.html import documents_of
from extractors.errors import PullquoteError
from extractors.records import Block

LONG = "words that fill a paragraph " * 30


def blocks_of(page: str) -> list[Block]:
    return [block for document in documents_of(page) for block in document.blocks]


def texts_of(page: str) -> list[str]:
    return [block.text for block in blocks_of(page)]


@pytest.mark.parametrize(
    ("page", "texts"),
    [
        pytest.param("<p>One</p><p>Two</p>", ["One", "Two"], id="paragraphs"),
        pytest.param("<p>One<p>Two", ["One", "Two"], id="unclosed paragraphs"),
        pytest.param("<p>Two<br>three</p>", ["Two\nthree"], id="br"),
        pytest.param("<p>Four<br> <br/>five</p>", ["Four", "five"], id="double br"),
        pytest.param("<p>a\n  b\tc</p>", ["a b c"], id="white space"),
        pytest.param("<p>a<b>b</b><i> c</i></p>", ["ab c"], id="inline elements"),
        pytest.param("<p>a</p>tail<div>x<span>y</span></div>", ["a", "tail", "xy"], id="text outside paragraphs"),
        pytest.param("text only", ["text only"], id="no tags"),
        pytest.param("", [], id="nothing"),
        pytest.param(
            "<table><tr><th>Year</th><td>1990</td></tr><tr><td>A</td><td><b>B</b></td><td></td></tr></table>",
            ["Year | 1990", "A | B"],
            id="table rows",
        ),
        pytest.param("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", ["a b | c"], id="cell of blocks"),
        pytest.param(
            f"<table><tr><td><p>{LONG}</p><p>{LONG}</p></td><td><p>side</p></td></tr></table>",
            [LONG.strip(), LONG.strip(), "side"],
            id="layout table",
        ),
        pytest.param("<noscript><p>seen</p></noscript>", ["seen"], id="noscript"),
        pytest.param(
            "<script>x()</script><style>p{}</style><svg><text>no</text></svg><template>no</template><p>yes</p>",
            ["yes"],
            id="what nobody sees",
        ),
        pytest.param("<p>He said <q>hello <b>you</b></q>.</p>", ["He said “hello you”."], id="q"),
        pytest.param("<pre>one\ntwo</pre><p>a\nb</p>", ["one\ntwo", "a b"], id="pre"),
        pytest.param("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", ["a", "b", "c"], id="nested list"),
        pytest.param("<p>a &amp; b &lt;c&gt;</p>", ["a & b <c>"], id="entities"),
    ],
)
def test_texts(page: str, texts: list[str]) -> None:
    assert texts_of(page) == texts


def test_list_levels_and_tags() -> None:
    blocks = blocks_of("<p>x</p><ul><li>a<ol><li>b</li></ol></li><li>c</li></ul><h2>d</h2>")
    assert [(block.tag, block.level) for block in blocks] == [("p", 0), ("li", 1), ("li", 2), ("li", 1), ("h2", 0)]


def test_path_names_ancestors_with_classes_and_id() -> None:
    (block,) = blocks_of('<div class="Post  Main" id="A"><blockquote><p>x</p></blockquote></div>')
    assert block.path == ("html", "body", "div.post.main#a", "blockquote", "p")
    assert block.line is None


@pytest.mark.parametrize("attribute", ["hidden", 'style="display:none"', 'style="color:red; display: none"'])
def test_hidden_elements_are_labelled(attribute: str) -> None:
    hidden, shown = blocks_of(f"<p {attribute}>secret</p><p style='color:red'>shown</p>")
    assert hidden.path[-1] == "p.-hidden"
    assert shown.path[-1] == "p"


def test_link_share() -> None:
    mixed, linked, plain = blocks_of('<p><a href="/">Link</a> and text</p><p><a href="/">all</a></p><p>none</p>')
    assert mixed.link_share == pytest.approx(4 / 13)
    assert linked.link_share == 1.0
    assert plain.link_share == 0.0


def test_offsets_index_the_joined_text() -> None:
    page = "<title>t</title><h1>Ünïcode 🎉</h1><p>a<br>b</p><table><tr><td>c<td>d</table></body></html>"
    blocks = blocks_of(page + "<!doctype html><html><body><p>next</p><p>last</p></body></html>")
    joined = "\n".join(block.text for block in blocks)
    assert [joined[block.start : block.stop] for block in blocks] == [block.text for block in blocks]
    assert [block.position for block in blocks] == list(range(len(blocks)))
    assert len(blocks) == 5


def test_marks() -> None:
    (document,) = documents_of(
        "<h1>Title</h1><p><time datetime='2020-03-04'>4 March</time></p><p class='byline'>By <b>Ann</b> Lee</p>"
        "<meta itemprop='datePublished' content='2020-01-01'><p><a rel='author' href='/bo'>Bo Li</a></p>"
    )
    assert [(mark.kind, mark.position, mark.value, mark.hint) for mark in document.marks] == [
        ("time", 1, "2020-03-04", ""),
        ("author", 2, "By Ann Lee", "byline"),
        ("time", 3, "2020-01-01", "datePublished"),
        ("author", 3, "Bo Li", "author"),
    ]


def test_a_time_without_a_machine_readable_form_has_its_text() -> None:
    (document,) = documents_of("<p><time>4 March 2020</time></p>")
    assert document.marks[0].value == "4 March 2020"


def test_head() -> None:
    (document,) = documents_of(
        '<html lang="en"><head><title> A\n title </title><meta property="og:Title" content=" B "><meta name="x">'
        '<script type="application/ld+json">{"a": 1}</script></head>'
    )
    head = document.head
    assert (head.title, head.language) == ("A title", "en")
    assert head.metas == (("og:title", "B"),)
    assert head.json_ld == ('{"a": 1}',)
    assert not document.blocks


def test_an_unclosed_iframe_inside_noscript_does_not_swallow_the_page() -> None:
    text = "what comes after the frame " * 250
    assert texts_of(f"<body><noscript><iframe src=x></noscript><p>{text}</p><p>end</p></body>") == [text.strip(), "end"]


def test_pasted_documents_are_documents_of_their_own() -> None:
    pages = [
        f"<!doctype html><html><head><title>{name}</title></head><body><p>{name}</p></body></html>" for name in "ABC"
    ]
    documents = documents_of("\n".join(pages))
    assert [document.head.title for document in documents] == ["A", "B", "C"]
    assert [[block.text for block in document.blocks] for document in documents] == [["A"], ["B"], ["C"]]


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(
            "<!doctype html><html><head><title>A</title></head><body><div><!doctype html><html><head><meta name=x></head>"
            "<body><p>inner</p></body></html></div><p>after</p></body></html>",
            id="a whole document as the body of a post",
        ),
        pytest.param("<html><body><p>a</p></body></html><!doctype html><p>b</p>", id="a doctype without a head or body"),
        pytest.param("<html><body><p>a</p><!doctype html><html><body><p>b</p></body></html>", id="the first is not closed"),
    ],
)  # fmt: skip
def test_a_doctype_alone_begins_no_document(page: str) -> None:
    assert len(documents_of(page)) == 1


@pytest.mark.parametrize(
    ("cap", "limit", "page", "code"),
    [
        ("MAX_NODES", 20, "<p>" * 21, "html.too_many_nodes"),
        ("MAX_DEPTH", 20, "<div>" * 21, "html.too_deep"),
        ("MAX_TAG", 200, f'<p title="{"x" * 200}">a</p>', "html.huge_tag"),
    ],
)
def test_pages_built_to_stall_parsers_are_refused(
    monkeypatch: pytest.MonkeyPatch, cap: str, limit: int, page: str, code: str
) -> None:
    assert documents_of(page)
    monkeypatch.setattr(html, "SUSPICIOUS_NODES", 10)
    monkeypatch.setattr(html, cap, limit)
    with pytest.raises(PullquoteError) as caught:
        documents_of(page)
    assert caught.value.code == code


def test_many_closed_elements_are_not_deep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "SUSPICIOUS_NODES", 10)
    monkeypatch.setattr(html, "MAX_DEPTH", 20)
    assert len(blocks_of("<div>a</div>" * 50 + "<p>b" * 50)) == 100
