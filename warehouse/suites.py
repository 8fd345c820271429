"""What is checked, as data: one JSON list of expectations per table in expectations/; the file is the registration."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from extractors.errors import PullquoteError
from warehouse.records import Severity

FOLDER = Path(__file__).parent / "expectations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One expectation of a suite: `kwargs` are its Great Expectations arguments, `description` says it in plain words.

    A critical one refuses the rows that fail it, a warning reports them.
    """

    name: str
    expectation: str
    kwargs: Mapping[str, Any]
    severity: Severity
    description: str

    @property
    def column_name(self) -> str | None:
        """The column it looks at, if it is about one."""
        return self.kwargs.get("column")


def suites(folder: Path = FOLDER) -> dict[str, tuple[Entry, ...]]:
    """The suites by the name of their table; PullquoteError check.invalid for an entry that is no expectation."""
    return {path.stem: _suite(path) for path in sorted(folder.glob("*.json"))}


def _suite(path: Path) -> tuple[Entry, ...]:
    try:
        entries = tuple(Entry(**_with_snake_name(entry)) for entry in json.loads(path.read_text(encoding="utf-8")))
    except (TypeError, KeyError, ValueError) as error:
        raise PullquoteError("check.invalid", f"{path.name}: {error}") from error
    for entry in entries:
        if entry.severity not in get_args(Severity):
            raise PullquoteError("check.invalid", f"{path.name}: {entry.name} has the severity {entry.severity}")
    if len({entry.name for entry in entries}) < len(entries):
        raise PullquoteError("check.invalid", f"{path.name}: two expectations have the same name")
    return entries


def _with_snake_name(entry: dict[str, Any]) -> dict[str, Any]:
    # Great Expectations' documentation has ExpectColumnValuesToBeUnique, its configurations have the snake form.
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", entry["expectation"]).lower()
    return {**entry, "expectation": snake}
