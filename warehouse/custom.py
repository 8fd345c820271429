"""Expectations that Great Expectations lacks, in its own form: a metric that answers for each value, a class that asks.

Importing this module registers them; only `warehouse.validate` does, and only when there are rows to check.
"""

from typing import Any, ClassVar

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation, ColumnPairMapExpectation
from great_expectations.expectations.metrics.map_metric_provider.column_condition_partial import (
    column_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.column_map_metric_provider import (
    ColumnMapMetricProvider,
)
from great_expectations.expectations.metrics.map_metric_provider.column_pair_condition_partial import (
    column_pair_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.column_pair_map_metric_provider import (
    ColumnPairMapMetricProvider,
)

PAIRS = (("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"))


class ColumnValuesMarksBalanced(ColumnMapMetricProvider):
    """Whether a text closes as many marks as it opens, of each kind.

    Each paragraph of a long quotation opens it anew, and a straight mark can stand for either side.
    """

    condition_metric_name = "column_values.marks_balanced"
    condition_value_keys = ("within",)

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series, within: int, **_: Any) -> pd.Series:  # noqa: N805 - the decorator's form
        texts = pa.array(column, pa.string())
        balanced = pa.array([True] * len(texts), pa.bool_())
        straight = pc.add(pc.count_substring(texts, '"'), within)
        anew = pc.add(pc.count_substring(texts, "\n"), straight)
        for opening, closing in PAIRS:
            more = pc.subtract(pc.count_substring(texts, opening), pc.count_substring(texts, closing))
            most, least = (anew, pc.negate(straight)) if opening in "“«" else (within, -within)
            balanced = pc.and_(balanced, pc.and_(pc.less_equal(more, most), pc.greater_equal(more, least)))
        return pd.Series(balanced.to_numpy(zero_copy_only=False), index=column.index)


class ExpectColumnValuesToHaveBalancedMarks(ColumnMapExpectation):
    """Quotation marks and brackets come in pairs, but for `within` of a kind."""

    within: int = 0
    map_metric: ClassVar[str] = "column_values.marks_balanced"
    success_keys: ClassVar[tuple[str, ...]] = ("within", "mostly")


class ColumnValuesFreeOfPatterns(ColumnMapMetricProvider):
    """Whether a text holds at most `most` matches of a pattern, by RE2: linear in the text, whatever the pattern."""

    condition_metric_name = "column_values.free_of_pattern"
    condition_value_keys = ("pattern", "most")

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series, pattern: str, most: int, **_: Any) -> pd.Series:  # noqa: N805
        counts = pc.count_substring_regex(pa.array(column, pa.string()), pattern)
        return pd.Series(pc.less_equal(counts, most).to_numpy(zero_copy_only=False), index=column.index)


class ExpectColumnValuesToBeFreeOfPattern(ColumnMapExpectation):
    """No more than `most` matches of the RE2 `pattern` in a text."""

    pattern: str
    most: int = 0
    map_metric: ClassVar[str] = "column_values.free_of_pattern"
    success_keys: ClassVar[tuple[str, ...]] = ("pattern", "most", "mostly")


class ColumnPairValuesDiffer(ColumnPairMapMetricProvider):
    """Whether two columns say different things, apart from case and outer white space."""

    condition_metric_name = "column_pair_values.differ"
    condition_domain_keys = (
        "batch_id",
        "table",
        "column_A",
        "column_B",
        "row_condition",
        "condition_parser",
        "ignore_row_if",
    )
    condition_value_keys = ()

    @column_pair_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_A: pd.Series, column_B: pd.Series, **_: Any) -> pd.Series:  # noqa: N803, N805
        return column_A.str.strip().str.casefold() != column_B.str.strip().str.casefold()


class ExpectColumnPairValuesToDiffer(ColumnPairMapExpectation):
    """The two columns of a row do not say the same."""

    ignore_row_if: str = "either_value_is_missing"
    map_metric: ClassVar[str] = "column_pair_values.differ"
    success_keys: ClassVar[tuple[str, ...]] = ("column_A", "column_B", "ignore_row_if", "mostly")
