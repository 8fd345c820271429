"""Pages made for tests of what lands: small, each another one, with a title that a query finds."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """A page before it lands: its file name, its title and its bytes."""

    name: str
    title: str
    data: bytes


def page_number(number: int) -> Landing:
    """One of endlessly many pages, each with an article and a quote."""
    title = f"The Long Road of Number {number}"
    paragraphs = "".join(
        f"<p>The road of number {number} goes on for a while, and this is paragraph {count} of what there is to say "
        "about it, which nobody had thought to write down before.</p>"
        for count in range(1, 5)
    )
    data = (
        f"<!doctype html><html><head><title>{title}</title></head><body><nav>Home News Sport</nav><article>"
        f"<h1>{title}</h1>{paragraphs}<p>“I have walked {number} miles of it,” said Mary Jones, the surveyor.</p>"
        "</article><footer>All rights reserved</footer></body></html>"
    ).encode()
    return Landing(name=f"page-{number:06}.html", title=title, data=data)


def landed(inbox: Path, landing: Landing) -> Path:
    """The file as writers should bring it: whole, by renaming."""
    waiting = inbox / f"{landing.name}.tmp"
    waiting.write_bytes(landing.data)
    return waiting.rename(inbox / landing.name)
