"""Quotes that a page claims in schema.org terms: Quotation and Review, in JSON-LD or as microdata."""

import json
from collections.abc import Iterable, Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.quotes.statements import Statement, credited

MAX_JSON = 1_000_000  # characters of one script
MAX_OBJECTS = 5_000  # looked at in all scripts of a page
SPOKEN_BY = ("spokenByCharacter", "creator", "author")
MAX_WORDS = 450


def claimed_statements(json_ld: Iterable[str], items: Iterable[LexborNode]) -> list[Statement]:
    """The Quotations and Reviews that a document claims in its JSON-LD and then as marked-up `items`."""
    found: list[Statement] = []
    for script in json_ld:
        if "Quotation" in script or "Review" in script:
            found += filter(None, map(_claim, _objects(script)))
    return found + list(filter(None, map(_marked, items)))


def _objects(script: str) -> Iterator[Mapping[str, object]]:
    """Every object of a script, outermost first; nothing from a script that is no JSON."""
    if len(script) > MAX_JSON:
        return
    try:
        waiting = [
            json.loads(script.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";"), strict=False)
        ]
    except (ValueError, RecursionError):
        return
    for _ in range(MAX_OBJECTS):
        if not waiting:
            return
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting += [value for value in reversed(item.values()) if isinstance(value, dict | list)]
        elif isinstance(item, list):
            waiting += reversed(item[:MAX_OBJECTS])


def _claim(item: Mapping[str, object]) -> Statement | None:
    types = item.get("@type")
    names = {str(name).rpartition("/")[2] for name in (types if isinstance(types, list) else [types])}
    if "Quotation" in names:
        return _statement(
            item.get("text"), next((name for key in SPOKEN_BY if (name := _name(item.get(key)))), None), "quotation"
        )
    if names & {"Review", "UserReview", "CriticReview"}:
        return _statement(item.get("reviewBody") or item.get("description"), _name(item.get("author")), "review")
    return None


def _marked(item: LexborNode) -> Statement | None:
    """An element with itemtype; its properties are the text or the `content` of elements with itemprop."""
    kind = "quotation" if "Quotation" in (item.attributes.get("itemtype") or "") else "review"
    body = _property(item, "text" if kind == "quotation" else "reviewBody")
    return _statement(body, next((name for key in SPOKEN_BY if (name := _property(item, key))), None), kind)


def _property(item: LexborNode, name: str) -> str | None:
    node = item.css_first(f'[itemprop~="{name}"]')
    if node is None:
        return None
    inner = node.css_first('[itemprop="name"]')
    node = inner if inner is not None else node
    return node.attributes.get("content") or node.text()


def _statement(body: object, name: str | None, kind: str) -> Statement | None:
    text = " ".join(body.split()).strip(' “”"') if isinstance(body, str) else ""
    if not any(map(str.isalnum, text)) or len(text.split()) > MAX_WORDS or (kind == "review" and not name):
        return None
    if "<" in text:
        text = " ".join(LexborHTMLParser(text).text().split())
    return Statement(
        paragraphs=(text,), speaker=credited(name) or None, written=name, rule=f"schema_{kind}", confidence=0.97 if name else 0.8,
        joins=kind == "quotation", unseen=kind == "quotation",
    )  # fmt: skip


def _name(value: object) -> str | None:
    """The name of a person or thing, however it is written."""
    item = value[0] if isinstance(value, list) and value else value
    if isinstance(item, dict):
        item = item.get("name")
        item = item[0] if isinstance(item, list) and item else item
    return " ".join(item.split()) or None if isinstance(item, str) else None
