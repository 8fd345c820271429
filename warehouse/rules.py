"""Batch rules: a batch against the warehouse's own history, as data in rules/*.json; the file is the registration.

What is usual is the median of the last HISTORY values, how far they lie apart their median absolute deviation (MAD):
both stay where they are when a fifth of the runs are odd, as means and variances do not (Leys et al. 2013, "Detecting
outliers"). A rule is quiet until ENOUGH values are there.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import median
from typing import Literal, get_args

from extractors.errors import PullquoteError
from warehouse.history import History, Past
from warehouse.records import MAX_FAILING, Check, Measure, Severity

FOLDER = Path(__file__).parent / "rules"
HISTORY = 20  # values: four weeks of working days; more would be slow to learn what has changed for good
ENOUGH = 8  # values: of fewer, two odd ones can move a median and its MAD as they like
NORMAL = 1.4826  # MAD of normal values times this is their standard deviation
TOLD = 3  # scopes named in `observed`; all are in `failing`
BATCH = "batch"  # where a check names its table
SILENCE = "host_silence_hours"

Side = Literal["low", "high", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Values of `measure` that lie further from the median than all of these are unusual, on the given side:
    `deviations` standard deviations, `tolerance`, and `relative` times the median.

    `least` is the base from which a rate is one, or the median from which a count is: smaller ones are left alone.
    `absent`: what a run counts as in which a scope does not come up; None: not at all.
    """

    name: str
    measure: str
    side: Side
    deviations: float
    severity: Severity
    description: str
    tolerance: float = 0.0
    relative: float = 0.0
    least: int = 0
    absent: float | None = None
    share: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What is usual: the median of `runs` values and how far a value may lie from it."""

    middle: float
    within: float
    runs: int


@cache
def rules(folder: Path = FOLDER) -> tuple[Rule, ...]:
    """All rules; PullquoteError check.invalid for one that cannot be read."""
    found: list[Rule] = []
    for path in sorted(folder.glob("*.json")):
        try:
            found += (Rule(**entry) for entry in json.loads(path.read_text(encoding="utf-8")))
        except (TypeError, ValueError) as error:
            raise PullquoteError("check.invalid", f"{path.name}: {error}") from error
    for rule in found:
        if rule.severity not in get_args(Severity) or rule.side not in get_args(Side):
            raise PullquoteError("check.invalid", f"{rule.name} has the severity {rule.severity}, the side {rule.side}")
    if len({rule.name for rule in found}) < len(found):
        raise PullquoteError("check.invalid", "two rules have the same name")
    return tuple(found)


def answers_of(
    measures: Sequence[Measure],
    history: History,
    *,
    now: datetime,
    accepted: Collection[str] = (),
    asked: Sequence[Rule] | None = None,
) -> tuple[Check, ...]:
    """Every rule's answer on a batch with these measures; those named in `accepted` are let pass."""
    values: dict[str, dict[str, Measure]] = {}
    for measure in (*measures, *_silences(measures, history, now)):
        values.setdefault(measure.name, {})[measure.scope] = measure
    chosen = rules() if asked is None else asked
    return tuple(_answer(rule, values.get(rule.measure, {}), history, rule.name in accepted) for rule in chosen)


def usual_of(values: Sequence[float], rule: Rule) -> Usual | None:
    """What is usual for the rule; None: there are too few values to say."""
    recent = values[-HISTORY:]
    if len(recent) < ENOUGH:
        return None
    middle = median(recent)
    spread = NORMAL * median(abs(value - middle) for value in recent)
    within = max(rule.deviations * spread, rule.tolerance, rule.relative * abs(middle))
    return Usual(middle=middle, within=within, runs=len(recent))


def _silences(measures: Sequence[Measure], history: History, now: datetime) -> Iterator[Measure]:
    """How long each host that this batch lacks has been silent."""
    present = {measure.scope for measure in measures if measure.name == "host_pages"}
    for host, past in history.values.get("host_pages", {}).items():
        if host not in present:
            hours = (now - past[-1].started).total_seconds() / 3600
            yield Measure(name=SILENCE, scope=host, value=hours, base=None)


def _answer(rule: Rule, found: Mapping[str, Measure], history: History, accepted: bool) -> Check:  # noqa: FBT001
    told: list[str] = []
    unusual: list[str] = []
    compared, runs = 0, 0
    past = history.values.get(rule.measure, {})
    for scope in sorted({*found, *(past if rule.absent is not None and found else ())}):
        values = _values(rule, scope, past, since=history.accepted.get(rule.name))
        runs = max(runs, len(values))
        usual = usual_of(values, rule)
        measure = found.get(scope) or _absent(rule, scope, found)
        if usual is None or not _is_enough(rule, measure, usual):
            continue
        compared += 1
        if _is_unusual(rule, measure.value, usual):
            unusual.append(scope)
            told.append(_told(rule, measure, usual))
        elif not scope:
            told.append(_told(rule, measure, usual))
    return Check(
        table_name=BATCH,
        expectation="median_absolute_deviation",
        name=rule.name,
        column_name=rule.measure,
        severity=rule.severity,
        description=rule.description,
        success=not unusual,
        unexpected_count=len(unusual),
        observed=_observed(told, compared, runs),
        failing=tuple(scope for scope in unusual if scope)[:MAX_FAILING],
        accepted=bool(unusual) and accepted,
    )


def _values(rule: Rule, scope: str, past: Mapping[str, tuple[Past, ...]], *, since: datetime | None) -> list[float]:
    """The earlier values that count, oldest first: of enough rows, and since the rule was let pass."""
    own = {value.run_id: value for value in past.get(scope, ())}
    if rule.absent is not None:
        for value in (value for values in past.values() for value in values):
            own.setdefault(
                value.run_id, Past(value=rule.absent, base=value.base, run_id=value.run_id, started=value.started)
            )
    counted = (value for value in own.values() if value.base is None or value.base >= rule.least)
    recent = sorted(counted, key=lambda value: value.started)
    return [value.value for value in recent if since is None or value.started >= since]


def _absent(rule: Rule, scope: str, found: Mapping[str, Measure]) -> Measure:
    base = next(iter(found.values())).base
    return Measure(name=rule.measure, scope=scope, value=rule.absent or 0.0, base=base)


def _is_enough(rule: Rule, measure: Measure, usual: Usual) -> bool:
    return (usual.middle if measure.base is None else measure.base) >= rule.least


def _is_unusual(rule: Rule, value: float, usual: Usual) -> bool:
    low, high = value < usual.middle - usual.within, value > usual.middle + usual.within
    return (low and rule.side != "high") or (high and rule.side != "low")


def _told(rule: Rule, measure: Measure, usual: Usual) -> str:
    text = f"{_number(measure.value, rule)}, usually {_number(usual.middle, rule)} ± {_number(usual.within, rule)}"
    return f"{measure.scope}: {text}" if measure.scope else text


def _number(value: float, rule: Rule) -> str:
    return f"{value:.1%}" if rule.share else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _observed(told: Sequence[str], compared: int, runs: int) -> str:
    if told:
        return "; ".join(told[:TOLD]) + (f"; and {len(told) - TOLD} more" if len(told) > TOLD else "")
    if compared:
        return "as usual"
    return "nothing to compare" if runs >= ENOUGH else f"too early to say: {runs} of {ENOUGH} runs"
