"""The documents are true: every command has its row, every example runs and prints what it is said to print."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.cli import main

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")))
INSTALLING = ("building ", "installing ")


def examples(document: Path) -> Iterator[tuple[str, list[str]]]:
    """Each command after a `$` in the console blocks, with the lines it is said to print."""
    for block in re.findall(r"```console\n(.*?)```", document.read_text(encoding="utf-8"), re.DOTALL):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *printed = example.splitlines()
            yield command, [line for line in printed if not line.startswith(INSTALLING)]


def alike(text: str) -> str:
    """The text without what differs from run to run: report names, counts, the width of columns."""
    text = re.sub(r"\d{8}T\d{6}Z-[0-9a-f]{8}", "RUN", text)
    return "\n".join(re.sub(r"[ \d,]+", " ", line).strip() for line in text.strip().splitlines())


def recipe(target: str) -> str:
    """What make would do for the target on an installed machine, its last line."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # as if not under make
    command = ["make", "--no-print-directory", "--dry-run", target]
    done = subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


@pytest.fixture
def visitor(tmp_path: Path, seeds: Path) -> dict[str, str]:
    """The environment of somebody who stands in a fresh checkout with `pullquote` on the path."""
    shutil.copytree(seeds, tmp_path / "seeds")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PWD": str(tmp_path)}


@pytest.mark.skipif(not shutil.which("make"), reason="no make")
def test_readme_commands_print_what_it_says(visitor: dict[str, str]) -> None:
    assert recipe("run") == ".venv/bin/pullquote ingest seeds"
    shown = list(examples(ROOT / "README.md"))
    assert [command for command, _ in shown[:2]] == ["make run", "make run"]

    for command, printed in shown:
        # Prefect has its own tests, and prints nothing of its own.
        line = "pullquote ingest --direct seeds" if command == "make run" else command
        done = subprocess.run(
            ["sh", "-c", line], cwd=visitor["PWD"], env=visitor, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        assert alike(done.stdout) == alike("\n".join(printed)), command


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_exist(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for target in re.findall(r"(?:`|\$ )make ([a-z-]+)", document.read_text(encoding="utf-8")):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_paths_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    linked = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    folders = "extractors|warehouse|flows|deployments|seeds|tests"
    named = re.findall(rf"`((?:{folders})/[\w./-]*)`", text)

    for path in [*(document.parent / link for link in linked), *(ROOT / name for name in named)]:
        if not re.search(r"X\.|TABLE", path.name):  # a place for a name of one's own
            assert path.exists(), path


@pytest.mark.parametrize("verb", sorted(main.commands))
def test_every_command_has_a_row_and_real_options(verb: str) -> None:
    rows = [
        line
        for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| `pullquote ")
    ]

    (row,) = [row for row in rows if re.match(rf"\| `pullquote {verb}[ `]", row)]
    assert len(rows) == len(main.commands)
    options = {option for parameter in main.commands[verb].params for option in parameter.opts}
    assert set(re.findall(r"--[a-z-]+", row)) <= options


def test_settings_are_documented_as_they_are() -> None:
    from flows.settings import origins_of

    rows = [f"| `{o.variable}` | {o.value} | {o.meaning} |" for o in origins_of({})]
    lines = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if line.startswith("| `")] == rows


def test_quoting_in_examples_is_sound() -> None:
    for document in DOCUMENTS:
        for command, _ in examples(document):
            assert shlex.split(command)


def test_schema_page_is_the_schema() -> None:
    from warehouse.schema import schema_page

    assert (ROOT / "docs" / "schema.md").read_text(encoding="utf-8") == schema_page(), "make schema writes it anew"
