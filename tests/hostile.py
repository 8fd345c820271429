"""Pages that are built, or broken, so as to stall whoever reads them; `size` 1 is the full size of each."""

import json
import random
from collections.abc import Callable, Iterator

SENTENCE = "The ferry came back to the harbour in the morning, and half of the town stood on the quay to see it. "
STORY = "<h1>The ferry</h1>" + f"<p>{SENTENCE * 3}</p>" * 6
MEGABYTE = 1_000_000


def document(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head><title>The ferry</title>{head}</head><body>{body}</body></html>"


def longer(size: float) -> str:
    return STORY * max(1, int(100 * size))


def endless_paragraphs(size: float) -> bytes:
    return document("<p>" * int(19 * MEGABYTE / 3 * size)).encode()


def paragraphs_with_text(size: float) -> bytes:
    return document(f"<p>{SENTENCE}</p>" * int(150_000 * size)).encode()


def links(size: float) -> bytes:
    return document("".join(f'<a href="/{n}">Page {n}</a> ' for n in range(int(200_000 * size)))).encode()


def nested(size: float) -> bytes:
    return document("<div>" * int(100_000 * size) + STORY).encode()


def nested_quotes(size: float) -> bytes:
    return document("<blockquote>" * int(1_900 * size) + STORY + "</blockquote>" * int(1_900 * size)).encode()


def unclosed_inline(size: float) -> bytes:
    return document("<b><i><font>" * int(600 * size) + STORY).encode()


def breaks(size: float) -> bytes:
    return document("<p>" + "<br>" * int(MEGABYTE * size) + SENTENCE).encode()


def text_between_breaks(size: float) -> bytes:
    return document("<div>" + f"{SENTENCE}<br>" * int(100_000 * size) + "</div>").encode()


def huge_attribute(size: float) -> bytes:
    return document(f'<div data-x="{"a " * int(9 * MEGABYTE * size)}">{STORY}</div>').encode()


def many_attributes(size: float) -> bytes:
    return document(f"<div {' '.join(f'a{n}=1' for n in range(int(100_000 * size)))}>{STORY}</div>").encode()


def table_cells(size: float) -> bytes:
    row = "<tr>" + "<td>cell of a table</td>" * 20 + "</tr>"
    return document(f"<table>{row * int(10_000 * size)}</table>").encode()


def one_row(size: float) -> bytes:
    return document(f"<table><tr>{'<td>cell</td>' * int(200_000 * size)}</tr></table>").encode()


def entities(size: float) -> bytes:
    return document(f"<p>{'&amp;&quot;&#x1F600;&nosuch;' * int(600_000 * size)}</p>").encode()


def entity_bomb(size: float) -> bytes:
    lines = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    return (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{lines}]>'.encode()
        + document(f"<p>&l9;</p>{longer(size)}").encode()
    )


def nuls(size: float) -> bytes:
    return document(f"<p>{('a' + chr(0)) * int(5 * MEGABYTE * size)}</p>{STORY}").encode()


def lone_surrogates(size: float) -> bytes:
    data = json.dumps({"@type": "NewsArticle", "headline": "The \ud83d ferry \udc00", "author": {"name": "\ud800"}})
    return document(
        longer(size).replace("harbour", "&#xD800; harbour"), f'<script type="application/ld+json">{data}</script>'
    ).encode()


def mixed_charsets(size: float) -> bytes:
    text = "<p>Die Fähre kam „zurück“, sagte der Bürgermeister: être ou ne pas être. " + SENTENCE
    return (
        document("§", '<meta charset="shift_jis">')
        .encode("latin-1")
        .replace(
            b"\xa7",
            b"".join(
                text.encode(charset, "replace")
                for charset in ("utf-8", "latin-1", "cp1252", "utf-16-le", "cp1251") * max(1, int(9 * size))
            ),
        )
    )


def utf16_without_mark(size: float) -> bytes:
    return document(longer(size)).encode("utf-16-le")


def truncated_multibyte(size: float) -> bytes:
    return document(longer(size) + "<p>„Grüße“ — 日本語").encode()[:-16]


def one_line(size: float) -> bytes:
    return (SENTENCE.strip() * int(10 * MEGABYTE * size / len(SENTENCE))).replace(".", "").encode()


def one_word(size: float) -> bytes:
    return b"a" * int(10 * MEGABYTE * size)


def quote_marks(size: float) -> bytes:
    return (
        '"' * int(300_000 * size) + "\n\n" + "“ " * int(300_000 * size) + "\n\n" + "”’'«" * int(100_000 * size)
    ).encode()


def capitals(size: float) -> bytes:
    return (
        "Aa " * int(300_000 * size) + "\n\n" + "A. " * int(300_000 * size) + "\n\nA B C" * int(50_000 * size)
    ).encode()


def dots_and_spaces(size: float) -> bytes:
    return (
        "." * int(300_000 * size)
        + "\n"
        + " " * int(MEGABYTE * size)
        + "x\n"
        + ", " * int(300_000 * size)
        + "a a a " * int(200_000 * size)
    ).encode()


def dashes(size: float) -> bytes:
    return (
        "— said — " * int(100_000 * size) + "\n" + "- " * int(300_000 * size) + "\n" + ":::" * int(100_000 * size)
    ).encode()


def cues(size: float) -> bytes:
    return ('"No," he said, "no," she said, ' * int(50_000 * size)).encode()


def colons(size: float) -> bytes:
    return ("A: b\n" * int(200_000 * size)).encode()


def deep_json(size: float) -> bytes:
    depth = int(100_000 * size)
    script = f'<script type="application/ld+json">{"[" * depth}{"]" * depth}</script>'
    objects = '<script type="application/ld+json">' + '{"a":' * depth + "1" + "}" * depth + "</script>"
    return document(STORY, script + objects).encode()


def wide_json(size: float) -> bytes:
    quotes = [
        {"@type": "Quotation", "text": f"Quote {n} of many", "creator": {"name": f"Ann {n}"}}
        for n in range(int(50_000 * size))
    ]
    return document(STORY, f'<script type="application/ld+json">{json.dumps(quotes)}</script>').encode()


def quotes_in_html(size: float) -> bytes:
    return document(
        "".join(f"<p>“The crossing {n} was long,” said Tom Hale.</p>" for n in range(int(100_000 * size)))
    ).encode()


def quotes_in_text(size: float) -> bytes:
    return "\n\n".join(
        f'"The crossing {n} was long," said Tom Hale of pier {n}.' for n in range(int(100_000 * size))
    ).encode()


def dialogue(size: float) -> bytes:
    return "\n".join(
        f"{'THEODORE' if n % 2 else 'SAMANTHA'}: The crossing {n} was long." for n in range(int(100_000 * size))
    ).encode()


def blockquotes(size: float) -> bytes:
    return document(
        "".join(
            f"<blockquote>Words {n} that stand alone<cite>Ann</cite></blockquote>" for n in range(int(50_000 * size))
        )
    ).encode()


def bidi_and_invisible(size: float) -> bytes:
    marks = "\u202e\u2066\u200b\u200d\ufeff\u00ad\u2069\u202c"
    return document(STORY.replace(" ", f" {marks}") + f"<p>{marks * int(300_000 * size)}</p>").encode()


def combining(size: float) -> bytes:
    return document(f"{STORY}<p>a{chr(0x301) * int(MEGABYTE * size)}</p>").encode()


def noise(size: float) -> bytes:
    letters = random.Random(7)  # noqa: S311 - the same noise every time
    return document(
        "".join(chr(letters.choice((60, 62, 47, 34, 38, 97, 98, 32, 61))) for _ in range(int(3 * MEGABYTE * size)))
    ).encode()


def closing_tags(size: float) -> bytes:
    return document("</p></div></html>" * int(100_000 * size) + STORY).encode()


def many_documents(size: float) -> bytes:
    return (document(STORY) * int(2_000 * size)).encode()


def forms(size: float) -> bytes:
    options = "<option>one</option>" * int(100_000 * size)
    return document(f"<select>{options}</select>{STORY}").encode()


def comments(size: float) -> bytes:
    return document("<!-- " * int(300_000 * size) + STORY).encode()


def scripts(size: float) -> bytes:
    return document("<script>" + "var a = '<p>';" * int(500_000 * size) + "</script>" + STORY).encode()


PAGES: dict[str, Callable[[float], bytes]] = {
    name: made
    for name, made in list(globals().items())
    if callable(made) and getattr(made, "__module__", "") == __name__ and name not in {"document", "longer"}
}


def hostile_pages(size: float) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each."""
    for name, made in PAGES.items():
        yield name, made(size)
