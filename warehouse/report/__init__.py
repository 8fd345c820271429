"""What a run or a page looks like to a person: the run report and the explain page, each one self-contained file."""

from warehouse.report.explain import explain_html
from warehouse.report.records import (
    ArticleLine,
    QuoteSample,
    Refusal,
    RunReport,
    Timing,
    article_lines,
    refusals_of,
)
from warehouse.report.report import report_of, written

__all__ = [
    "ArticleLine",
    "QuoteSample",
    "Refusal",
    "RunReport",
    "Timing",
    "article_lines",
    "explain_html",
    "refusals_of",
    "report_of",
    "written",
]
