"""HTML from the templates beside this module: everything escaped, nothing hidden, nothing loaded from elsewhere."""

import base64
import hashlib
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from warehouse.report.text import excerpt, lasting, linkable, quantity, shown, visible

TEMPLATES = Path(__file__).parent / "templates"


def html_of(template: str, **records: object) -> str:
    """The template's page for the given records: one file, with its style and the policy that forbids all else."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    # The style is our own file: the only text that is not escaped. Its hash in the policy also forbids style attributes.
    return _environment().get_template(template).render(style=Markup(style), policy=policy, **records)  # noqa: S704


@cache
def _style() -> str:
    return (TEMPLATES / "style.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_written,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": _number, "cut": shown, "moment": _moment}
    environment.filters |= {"lasting": lasting, "excerpt": excerpt, "quantity": quantity}
    environment.tests["linkable"] = linkable
    return environment


def _written(value: object) -> object:
    """What the templates write for a value: text with its hidden characters shown; None is a bug of the template."""
    if value is None:
        msg = "a template wrote None: say what is missing"
        raise TypeError(msg)
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _number(value: float) -> str:
    return f"{value:,}"


def _moment(moment: datetime | date) -> str:
    """A time in UTC to the second, a date as it is."""
    if isinstance(moment, datetime):
        return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return moment.isoformat()
