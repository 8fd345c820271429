"""The commands as a user meets them: what they print where, and how they exit."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import click
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from flows.cli import main
from tests.saying import said

HEAVY = (
    "prefect",
    "great_expectations",
    "pandas",
    "duckdb",
    "pyarrow",
    "lightgbm",
    "trafilatura",
    "lxml",
    "rich",
    "jinja2",
)


@pytest.fixture(scope="module")
def warehouse(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the seeds in it."""
    folder = tmp_path_factory.mktemp("warehouse")
    path = folder / "pages.duckdb"
    done = called("ingest", "--direct", "--warehouse", path, "--reports", folder / "reports", seeds)
    assert done.exit_code == 0, done.output
    return path


def called(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)


def error_lines(result: Result) -> list[str]:
    return said(result.stderr)


def test_help_is_there_at_once() -> None:
    def seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "flows", "--help"], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        # Of the processor: on the clock it would be the machine's other work that is measured.
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    assert min(seconds() for _ in range(3)) <= 0.5


def test_help_imports_nothing_heavy() -> None:
    code = f"import sys, flows.cli; print([name for name in {HEAVY} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("verb", sorted(main.commands))
def test_verb_has_help(verb: str) -> None:
    done = called(verb, "--help")

    assert done.exit_code == 0
    assert main.commands[verb].help
    assert all(option.help for option in main.commands[verb].params if isinstance(option, click.Option))


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingest"],
        ["extract"],
        ["explain"],
        ["nosuchverb"],
        ["ingest", "--nosuchoption", "x"],
        ["query", "select 1", "--saved", "runs"],
        ["query", "--format", "xml"],
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    assert called(*arguments).exit_code == 2


def test_ingest_prints_funnel_and_report_and_then_no_change(seeds: Path, tmp_path: Path) -> None:
    command = ("ingest", "--direct", "--warehouse", tmp_path / "w.duckdb", "--reports", tmp_path / "reports", seeds)

    first, second = called(*command), called(*command)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert [line.split()[0] for line in first.stdout.splitlines()[:5]] == [
        "step",
        "sources",
        "pages",
        "articles",
        "quotes",
    ]
    report = Path(first.stdout.splitlines()[-1].removeprefix("report: "))
    assert report.is_file()
    assert second.stdout.splitlines() == ["No change: all 7 sources known already.", f"last report: {report}"]


def test_ingest_names_each_bad_source_in_one_line(seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()

    done = called(
        *("ingest", "--direct", "--warehouse", tmp_path / "w.duckdb", "--reports", tmp_path / "r"),
        *(tmp_path / "empty.txt", tmp_path / "nowhere.txt", seeds),
    )

    assert done.exit_code == 1
    assert len(error_lines(done)) == 2
    assert f"{tmp_path / 'nowhere.txt'}: does not exist" in done.stderr
    assert "12 loaded" in done.stdout


def test_name_of_a_bad_source_cannot_steer_the_terminal(tmp_path: Path) -> None:
    done = called("extract", tmp_path / "\x1b[31mred\nline.txt")

    assert done.exit_code == 1
    assert "\x1b" not in done.stderr
    assert len(error_lines(done)) == 1


def test_corrupt_warehouse_is_one_line_without_traceback(seeds: Path, tmp_path: Path) -> None:
    corrupt = tmp_path / "w.duckdb"
    corrupt.write_bytes(b"no database" * 2000)

    done = called("ingest", "--direct", "--warehouse", corrupt, "--reports", tmp_path / "r", seeds)

    assert done.exit_code == 1
    assert len(error_lines(done)) == 1
    assert str(corrupt) in done.stderr


def test_setting_nobody_knows_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_WAREHOSE", "x")

    done = called("report")

    assert done.exit_code == 1
    (line,) = error_lines(done)
    assert line.startswith("pullquote: PULLQUOTE_WAREHOSE is no setting; there are PULLQUOTE_WAREHOUSE, ")


def test_bug_is_one_line_and_a_traceback_with_debug(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.chdir(tmp_path)  # where no warehouse is
    monkeypatch.setattr("flows.report.report_named", broken)

    assert error_lines(called("report")) == ["pullquote: ZeroDivisionError: by zero (a bug: --debug shows where)"]
    assert isinstance(called("report", "--debug").exception, ZeroDivisionError)


def test_extract_prints_a_line_of_json_per_page(seeds: Path) -> None:
    done = called("extract", seeds)

    assert done.exit_code == 0
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(line["page"]["uri"]).suffix for line in lines] == [".txt", ".txt", *[".html"] * 5]
    assert [len(line["articles"]) for line in lines] == [6, 1, *[1] * 5]
    for line in lines:
        assert set(line) == {"page", "articles", "quotes", "rejected"}
        bodies = {article["article_id"]: article["body"] for article in line["articles"]}
        for quote in line["quotes"]:
            body = bodies[quote["article_id"]]
            assert " ".join(body[start:stop] for start, stop in quote["parts"]).split() == quote["text"].split()


def test_extract_shows_blocks_on_demand(seeds: Path) -> None:
    done = called("extract", "--blocks", min(seeds.glob("*.txt")))

    (line,) = done.stdout.splitlines()
    block = json.loads(line)["blocks"][0]
    assert set(block) == {"line", "start", "stop", "role", "reason", "score", "article"}


def test_extract_reads_standard_input() -> None:
    done = called("extract", "-", stdin=b"<html><body><p>Hello.</p></body></html>")

    assert json.loads(done.stdout)["page"]["uri"] == "-"


def test_explain_writes_a_page_or_prints_text(seeds: Path, tmp_path: Path) -> None:
    seed, page = max(seeds.glob("*.txt")), tmp_path / "why.html"

    assert called("explain", seed).stdout.count("\n") > 20
    done = called("explain", seed, "--html", page)

    assert done.exit_code == 0
    assert done.stdout.strip() == str(page)
    assert page.read_text().startswith("<!doctype html>")


def test_query_answers_in_every_format(warehouse: Path, tmp_path: Path) -> None:
    asked = ("query", "--warehouse", warehouse, "select title, flags, published from articles order by all limit 2")

    table = called(*asked)
    assert table.stdout.splitlines()[0].split() == ["title", "flags", "published"]
    assert len(json.loads(called(*asked, "--format", "json").stdout)) == 2
    assert called(*asked, "--format", "csv").stdout.splitlines()[0] == "title,flags,published"
    file = tmp_path / "answer.parquet"
    file.write_bytes(called(*asked, "--format", "parquet").stdout_bytes)
    assert pq.read_table(file).num_rows == 2


def test_query_lists_saved_questions_and_asks_them(warehouse: Path) -> None:
    listed = called("query")
    assert listed.exit_code == 0
    names = [line.split()[0] for line in listed.stdout.splitlines() if not line.startswith(" ")]
    assert len(names) >= 8

    for name in names:
        done = called("query", "--warehouse", warehouse, "--saved", name)
        assert done.exit_code == 0, done.output


def test_query_takes_its_question_from_a_file(warehouse: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.sql"
    file.write_text("select count(*) as articles from articles")

    done = called("query", "--warehouse", warehouse, "--file", file)

    assert done.stdout.split() == ["articles", "12"]


def test_query_says_when_it_cuts(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_QUERY_ROWS", "3")

    done = called("query", "--warehouse", warehouse, "select * from quotes")

    assert done.exit_code == 0
    assert error_lines(done) == ["pullquote: only the first 3 rows (PULLQUOTE_QUERY_ROWS)"]


@pytest.mark.parametrize(
    "sql", ["drop table quotes", "select * from read_csv('/etc/passwd')", "select nothing", "select 1; select 2"]
)
def test_query_refuses_in_one_line(warehouse: Path, sql: str) -> None:
    done = called("query", "--warehouse", warehouse, sql)

    assert done.exit_code == 1
    assert len(error_lines(done)) == 1


def test_cell_cannot_steer_the_terminal(warehouse: Path) -> None:
    done = called("query", "--warehouse", warehouse, "select chr(27) || '[31m[bold]red' as words")

    assert "\x1b" not in done.stdout
    assert "[bold]red" in done.stdout


def test_report_names_the_page_of_a_run(warehouse: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # where no warehouse is
    reports = warehouse.parent / "reports"
    latest = called("report", "--reports", reports)
    path = Path(latest.stdout.strip())

    assert path.is_file()
    assert called("report", "--reports", reports, path.stem.rpartition("-")[2]).stdout == latest.stdout
    assert called("report", "--reports", reports, "ffffffff-0").exit_code == 1
    assert called("report", "--reports", reports / "none").exit_code == 1
