"""Pages that are built to stall or to break whoever reads them: each is loaded, or refused for the right reason."""

import resource
from pathlib import Path

import duckdb
import pytest

from flows.order import Order, Outcome
from flows.pool.attempts import POISON
from flows.run import ingested
from flows.runners import harvesting
from flows.settings import Settings
from tests.hostile import hostile_pages

# What holds no article when it is small, and why; all others are loaded then.
REFUSED = {
    "endless_paragraphs": "extract.no_article",
    "entities": "extract.no_article",
    "nuls": "extract.no_article",
    "mixed_charsets": "format.binary",
    "one_word": "extract.no_article",
    "comments": "extract.no_article",
}
# Letters in rows: whether they are an article is the model's opinion, and may be another when it is trained again.
NONSENSE = {"capitals", "colons"}
CAPS = {"html.too_many_nodes", "html.too_deep", "html.huge_tag", "format.too_large", "source.too_large"}
MEGABYTE = 1_000_000


def fed(folder: Path, size: float, settings: Settings) -> tuple[Outcome, dict[str, str]]:
    """The outcome of an ingest of all the pages, and why pages were refused."""
    (folder / "pages").mkdir()
    for name, data in hostile_pages(size):
        (folder / "pages" / name).with_suffix(".html" if data.startswith(b"<") else ".txt").write_bytes(data)
    order = Order(
        sources=(str(folder / "pages"),),
        warehouse=folder / "x.duckdb",
        reports=folder / "reports",
        settings=settings,
    )
    with harvesting(settings, workers=2) as harvester:
        outcome = ingested(order, harvester=harvester)
    with duckdb.connect(str(order.warehouse), read_only=True) as connection:
        sql = "SELECT uri, code FROM quarantine WHERE stage NOT IN ('check', 'quote', 'date') ORDER BY code"
        return outcome, {Path(uri).stem: code for uri, code in connection.execute(sql).fetchall()}


@pytest.mark.timeout(600)
def test_small_ones_are_loaded_or_refused_for_the_right_reason(tmp_path: Path) -> None:
    outcome, refused = fed(tmp_path, 0.005, Settings())

    assert {name: code for name, code in refused.items() if name not in NONSENSE} == REFUSED
    assert {refused[name] for name in NONSENSE & refused.keys()} <= {"extract.no_article"}
    assert outcome.run.funnel.balances
    assert outcome.run.funnel.sources == len(list((tmp_path / "pages").iterdir()))


@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_large_ones_end_no_run_and_no_worker_passes_its_fence(tmp_path: Path) -> None:
    settings = Settings(page_seconds=10, worker_bytes=1_500 * MEGABYTE)

    outcome, refused = fed(tmp_path, 1, settings)

    assert outcome.run.funnel.balances
    assert set(refused.values()) <= POISON | CAPS | set(REFUSED.values())
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < settings.worker_bytes + 200 * MEGABYTE
