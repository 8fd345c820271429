"""Questions in SQL to the published warehouse: one SELECT each, free or saved, with parameters."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import duckdb
import pyarrow as pa

from extractors.errors import PullquoteError
from warehouse.sandbox import Limits, Sandbox, sandbox
from warehouse.sql import files_in
from warehouse.store import Store
from warehouse.tables import storable

# EXPLAIN ANALYZE runs what it explains, in the same sandbox.
ALLOWED = frozenset({duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN})

BATCH_ROWS = 2048  # one vector of DuckDB: what is looked at together before the bytes are counted again

METADATA = "__ducklake_metadata"  # what DuckLake calls the catalogue of a lake: a whole database, maybe of others too

_NAME = re.compile(r'"((?:[^"]|"")*)"|[^\W\d][\w$]*')

# A line such as "-- $person VARCHAR = NULL: only this person" at the head of a saved question.
_PARAMETER = re.compile(r"^-- \$(\w+) ([A-Z]+) = (.+?): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The rows of an answer; `cut` if there were more than the limit."""

    table: pa.Table
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a saved question: its type and default as SQL, and what it does."""

    name: str
    kind: str
    default: str
    does: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A saved question: its name, what it answers (its first comment line), its parameters, its SQL."""

    name: str
    answers: str
    parameters: tuple[Parameter, ...]
    sql: str


def saved_questions() -> tuple[Question, ...]:
    """The questions in queries/*.sql, by name."""
    return tuple(
        Question(
            name=file.stem,
            answers=file.text.partition("\n")[0].removeprefix("--").strip(),
            parameters=tuple(
                Parameter(name=name, kind=kind, default=default, does=does)
                for name, kind, default, does in _PARAMETER.findall(file.text)
            ),
            sql=file.text,
        )
        for file in files_in("queries")
    )


def question(name: str) -> Question:
    """A saved question; PullquoteError query.unknown."""
    for saved in saved_questions():
        if saved.name == name:
            return saved
    names = ", ".join(saved.name for saved in saved_questions())
    raise PullquoteError("query.unknown", f"no saved question is called {name}; there are: {names}")


def answer(
    store: Store,
    asked: str | Question,
    *,
    params: Mapping[str, object] | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Answer:
    """The answer to one SELECT, or to a saved question, on what people see of the warehouse.

    A parameter of a saved question that is not given has its default; one that is given is cast to its type.
    PullquoteError: query.refused (not a single SELECT), query.parameter (unknown, missing or of the wrong type), and
    those of `sandbox`.
    """
    # A shell may hand over bytes that are no UTF-8.
    given = {name: storable(value) if isinstance(value, str) else value for name, value in (params or {}).items()}
    sql = storable(asked.sql if isinstance(asked, Question) else asked)
    with sandbox(store, limits) as opened:
        connection = opened.connection
        statement = _only_select(opened, sql)
        if isinstance(asked, Question):
            given = _completed(connection, asked, given)
        _refuse_wrong_names(statement, given)
        relation = connection.sql(sql, params=given) if given else connection.sql(sql)
        return _within(relation, limits)


def _within(relation: duckdb.DuckDBPyRelation, limits: Limits) -> Answer:
    """The rows up to the limits, without holding many more of them in memory."""
    reader = relation.limit(limits.rows + 1).to_arrow_reader(BATCH_ROWS)
    batches: list[pa.RecordBatch] = []
    size = 0
    for batch in reader:
        batches.append(batch)
        size += batch.nbytes
        if size > limits.bytes:
            break
    table = pa.Table.from_batches(batches, reader.schema)
    rows = min(limits.rows, table.num_rows)
    if size > limits.bytes:
        rows = min(rows, max(1, table.num_rows * limits.bytes // size))
    return Answer(table=table.slice(0, rows), cut=table.num_rows > rows or size > limits.bytes)


def _only_select(opened: Sandbox, sql: str) -> duckdb.Statement:
    statements = opened.connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type not in ALLOWED:
        raise PullquoteError("query.refused", "only one SELECT at a time is answered, nothing that changes anything")
    if opened.barred:
        for name in _names_in(sql):
            if name in opened.barred or name.startswith(METADATA):
                raise PullquoteError("query.refused", f"{name} is not for questions")
    return statements[0]


def _names_in(sql: str) -> Iterator[str]:
    """What is called like a function, and every name that may lead into the catalogue; in lower case, without marks."""
    data = sql.encode()
    starts = [start for start, _ in duckdb.tokenize(sql)]
    tokens = [data[start:stop].decode() for start, stop in pairwise([*starts, len(data)])]
    for token, following in pairwise([*tokens, ""]):
        if match := _NAME.match(token):
            name = (match[1] or match[0]).replace('""', '"').lower()
            if following.startswith("(") or name.startswith(METADATA):
                yield name


def _completed(
    connection: duckdb.DuckDBPyConnection, saved: Question, given: Mapping[str, object]
) -> dict[str, object]:
    """The value of every parameter of the question, and what was given besides."""
    values = dict(given)
    for parameter in saved.parameters:
        if parameter.name in given:
            source, bound = "$value", {"value": given[parameter.name]}
        else:
            source, bound = parameter.default, None
        try:
            row = connection.execute(f"SELECT CAST({source} AS {parameter.kind})", bound).fetchone()
        except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
            detail = f"{parameter.name} is not of type {parameter.kind}: {given.get(parameter.name)!r}"
            raise PullquoteError("query.parameter", detail) from error
        values[parameter.name] = row[0] if row else None
    return values


def _refuse_wrong_names(statement: duckdb.Statement, given: Mapping[str, object]) -> None:
    wanted = set(statement.named_parameters)
    if lacking := sorted(wanted - set(given)):
        raise PullquoteError("query.parameter", f"no value for {', '.join('$' + name for name in lacking)}")
    if unknown := sorted(set(given) - wanted):
        names = ", ".join("$" + name for name in sorted(wanted)) or "none"
        raise PullquoteError("query.parameter", f"the question has no {', '.join(unknown)}; its parameters: {names}")
