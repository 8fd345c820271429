"""A batch → its checks, and the batch without the rows that a critical check refused.

The only module that asks Great Expectations (`warehouse.custom` adds to it), which takes 3 to 13 s and 225 MB to import:
only when there are rows.
"""

import importlib.util
import logging
import os
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pyarrow as pa

from extractors.errors import PullquoteError
from warehouse.frames import KEYS, frame_of, frames_of
from warehouse.records import MAX_FAILING, Check, Measure, Quarantined, RunState
from warehouse.refuse import items_of, without
from warehouse.suites import FOLDER, Entry, suites

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.expectations.expectation import Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A batch after its checks: `tables` without refused rows, which are in `quarantined`; `measures` of what is left."""

    tables: Mapping[str, pa.Table]
    checks: tuple[Check, ...]
    quarantined: tuple[Quarantined, ...]
    measures: tuple[Measure, ...] = ()

    @property
    def state(self) -> RunState:
        """refused: a blocking check failed, or a critical one for which no row can be taken out."""
        failed = [check for check in self.checks if not check.success]
        if any(_refuses(check) for check in failed):
            return "refused"
        return "warned" if failed else "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One expectation's answer: whether it holds, the places of the rows that fail it, what it observed if not rows."""

    success: bool
    rows: tuple[int, ...]
    observed: str | None


def _refuses(check: Check) -> bool:
    if check.severity == "blocking":
        return not check.accepted
    return check.severity == "critical" and not check.unexpected_count


EMPTY = Outcome(success=True, rows=(), observed="no rows")


def checked(tables: Mapping[str, pa.Table], *, run_id: UUID, folder: Path = FOLDER) -> Checked:
    """Check a batch against the suites in `folder`; a table without rows passes.

    PullquoteError check.crashed with the name of an expectation that could not be answered: that is a bug in it, and no
    reason to refuse data. check.invalid for a suite that cannot be read.
    """
    checks: list[Check] = []
    refused: dict[str, dict[int, list[Entry]]] = {}
    frames = frames_of(tables)
    for table_name, entries in suites(folder).items():
        if table_name not in frames:  # it is settled when the batch is in the warehouse, and audited there
            continue
        rows: dict[int, list[Entry]] = defaultdict(list)
        for entry, outcome, check in _answers(frames[table_name], entries, table_name):
            checks.append(check)
            if entry.severity == "critical" and not outcome.success:
                for row in outcome.rows:
                    rows[row].append(entry)
        refused[table_name] = rows
    return Checked(
        tables=without(tables, refused),
        checks=tuple(checks),
        quarantined=items_of(tables, refused, run_id=run_id),
    )


def audited(tables: Mapping[str, pa.Table], *, folder: Path = FOLDER) -> tuple[Check, ...]:
    """The checks of what a load has settled across pages: tables as `audits/` gives them, by name.

    Such a row follows from rows that have passed: one that fails a critical check is a bug of ours, and cannot be left
    out. PullquoteError check.audit then, besides those of `checked`.
    """
    known = suites(folder)
    answers = [
        (table, *answer) for table, rows in tables.items() for answer in _answers(frame_of(rows), known[table], table)
    ]
    for table, entry, outcome, check in answers:
        if entry.severity == "critical" and not outcome.success:
            detail = f"{table}: not so: {entry.description} ({check.unexpected_count:,} rows); nothing was loaded"
            raise PullquoteError("check.audit", detail)
    return tuple(check for *_, check in answers)


def _answers(
    frame: "pd.DataFrame", entries: Sequence[Entry], table_name: str
) -> Iterator[tuple[Entry, Outcome, Check]]:
    outcomes = _outcomes(frame, entries, table_name) if len(frame) else [EMPTY] * len(entries)
    for entry, outcome in zip(entries, outcomes, strict=True):
        ids = frame[KEYS[table_name]].iloc[list(outcome.rows[:MAX_FAILING])].dropna()
        yield entry, outcome, _check(entry, outcome, table_name, failing=tuple(ids))


def _check(entry: Entry, outcome: Outcome, table_name: str, *, failing: tuple[str, ...]) -> Check:
    return Check(
        table_name=table_name,
        expectation=entry.expectation,
        name=entry.name,
        column_name=entry.column_name,
        severity=entry.severity,
        description=entry.description,
        success=outcome.success,
        unexpected_count=len(outcome.rows),
        observed=outcome.observed,
        failing=failing,
    )


def _outcomes(frame: "pd.DataFrame", entries: Sequence[Entry], table_name: str) -> list[Outcome]:
    batch = _batch(table_name).get_batch(batch_parameters={"dataframe": frame[_asked_columns(frame, entries)]})
    results = _results(batch, entries, table_name, {"result_format": "BOOLEAN_ONLY"})
    # Which rows fail costs as much again to ask, whether any do or not.
    failing = [entry for entry in entries if entry.name in results and not results[entry.name].success]
    wanted: dict[str, object] = {"result_format": "COMPLETE", "unexpected_index_column_names": ["row"]}
    results |= _results(batch, failing, table_name, wanted) if failing else {}
    _forget(batch, frame)
    return [_outcome(results.get(entry.name), entry, table_name) for entry in entries]


def _results(
    batch: "Batch", entries: Sequence[Entry], table_name: str, result_format: dict[str, object]
) -> "dict[str, ExpectationValidationResult]":
    """What each entry was answered, by its name."""
    suite = _great_expectations().ExpectationSuite(
        name=table_name, expectations=[_configured(entry, table_name) for entry in entries]
    )
    with _configured_once():
        results = batch.validate(suite, result_format=result_format).results
    return {result.expectation_config.meta["name"]: result for result in results}


@contextmanager
def _configured_once() -> Iterator[None]:
    """Have every expectation make its configuration once: it is asked for it a hundred times in a check, and makes it
    anew each time, which is a third of what checking a small batch takes.
    """
    from great_expectations.expectations.expectation import Expectation

    property_of_theirs: property = Expectation.__dict__["configuration"]
    made: dict[int, tuple[Expectation, object]] = {}  # with the expectation, whose number must not be another's

    def configuration(self: Expectation) -> object:
        if id(self) not in made:
            made[id(self)] = self, property_of_theirs.__get__(self)
        return made[id(self)][1]

    setattr(Expectation, "configuration", property(configuration))  # noqa: B010 - a property, which cannot be assigned
    try:
        yield
    finally:
        setattr(Expectation, "configuration", property_of_theirs)  # noqa: B010


@cache
def _batch(table_name: str) -> "BatchDefinition[Any]":
    """What Great Expectations wants to know of a table before it sees rows: to tell it takes as long as some checks."""
    context = _great_expectations().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("batch").add_dataframe_asset(table_name)
    definition: BatchDefinition[Any] = asset.add_batch_definition_whole_dataframe("whole")
    return definition


def _forget(batch: "Batch", frame: "pd.DataFrame") -> None:
    """Have no rows in memory until the next batch comes."""
    engine = batch.data.execution_engine
    engine.batch_manager.reset_batch_cache()
    engine.load_batch_data(batch.id, frame.head(0))


def _asked_columns(frame: "pd.DataFrame", entries: Sequence[Entry]) -> list[str]:
    # Great Expectations pickles the whole frame to name it; columns that nobody asks about would cost seconds.
    values = [value for entry in entries for value in entry.kwargs.values()]
    names = {name for value in values for name in (value if isinstance(value, list) else [value])}
    return ["row", *(column for column in frame.columns if column in names)]


def _outcome(result: "ExpectationValidationResult | None", entry: Entry, table_name: str) -> Outcome:
    if result is None:
        raise _crashed(entry, table_name, "gave no answer; does another entry ask the same?")
    crash = next(_crashes(result.exception_info), None)
    if crash is not None:
        raise _crashed(entry, table_name, crash)
    details = result.result
    rows = tuple(sorted({int(place["row"]) for place in details.get("unexpected_index_list") or ()}))
    observed = details.get("observed_value")
    return Outcome(success=bool(result.success), rows=rows, observed=None if observed is None else str(observed))


def _crashes(info: Mapping[str, Any]) -> Iterator[str]:
    """The messages of what was raised; Great Expectations has them flat, or nested by metric."""
    if info.get("raised_exception"):
        yield str(info.get("exception_message"))
    for value in info.values():
        if isinstance(value, Mapping):
            yield from _crashes(value)


def _crashed(entry: Entry, table_name: str, reason: object) -> PullquoteError:
    said = " ".join(str(reason).split())[:300]
    return PullquoteError("check.crashed", f"{entry.name} in expectations/{table_name}.json: {said}")


def _configured(entry: Entry, table_name: str) -> "Expectation":
    from great_expectations.exceptions.exceptions import GreatExpectationsError
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    try:
        configuration = ExpectationConfiguration(
            type=entry.expectation, kwargs=dict(entry.kwargs), meta={"name": entry.name}
        )
        # Handed over as a list: added one by one, each is compared with all before it, which takes longer than checking.
        return configuration.to_domain_obj()
    except (GreatExpectationsError, ValueError, TypeError) as error:  # an unknown expectation, or a wrong argument
        raise _crashed(entry, table_name, error) from error


def _great_expectations() -> ModuleType:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import; nothing about a run is anybody else's business
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its imports use deprecated modules of the standard library
        _defer("scipy", "stats")  # for two expectations that nobody asked for, a quarter of the time
        import great_expectations

        importlib.import_module("warehouse.custom")  # registers our own expectations
    # It sets this level at import, to tell of folders that it makes and removes at once.
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    return great_expectations


def _defer(package: str, name: str) -> None:
    """Let a module of a package be executed at its first use rather than at its import."""
    spec = None if f"{package}.{name}" in sys.modules else importlib.util.find_spec(f"{package}.{name}")
    if spec is None or spec.loader is None:
        return
    spec.loader = loader = importlib.util.LazyLoader(spec.loader)
    sys.modules[spec.name] = module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    setattr(sys.modules[package], name, module)  # "from package import name" looks here first


def prepare() -> None:
    """Import Great Expectations ahead of the first check, for a caller who has to wait for something else anyway."""
    _great_expectations()
