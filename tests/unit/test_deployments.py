"""What is shipped to run pullquote names commands, options, flows and files that there are."""

import importlib
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from flows.cli import main
from flows.serve.station import Places

DEPLOYMENTS = Path(__file__).parent.parent.parent / "deployments"
UNITS = sorted((DEPLOYMENTS / "systemd").glob("*.service"))
PROGRAM = "/opt/pullquote/.venv/bin/pullquote"


def understood(command: Sequence[str]) -> bool:
    """Whether the words after the program are a verb of ours with options that it has."""
    verb = main.commands[command[1]]
    verb.make_context(command[1], list(command[2:]), resilient_parsing=False).close()
    return True


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_units_start_commands_that_there_are(unit: Path) -> None:
    (line,) = re.findall(r"^ExecStart=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)

    assert shlex.split(line)[0] == PROGRAM
    assert understood(shlex.split(line))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_systemd_understands_the_units(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true")
    (tmp_path / unit.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit.name)],
        capture_output=True,
        text=True,
        check=False,
    )

    said = [line for line in done.stderr.splitlines() if unit.name in line]
    assert not said, said


def test_services_of_the_compose_file_start_commands_that_there_are() -> None:
    services = YAML(typ="safe").load(DEPLOYMENTS / "compose.yaml")["services"]

    assert understood(services["pullquote"]["command"])
    for name in ("prefect", "pullquote"):
        build = services[name]["build"]
        assert (DEPLOYMENTS / build["context"] / build["dockerfile"]).exists()


def test_deployments_name_flows_and_their_parameters() -> None:
    document = YAML(typ="safe").load(DEPLOYMENTS / "prefect.yaml")
    given = Places(inbox=Path("a"), warehouse=Path("b"), reports=Path("c")).parameters

    for deployment in document["deployments"]:
        path, name = deployment["entrypoint"].split(":")
        flow = getattr(importlib.import_module(path.removesuffix(".py").replace("/", ".")), name)
        known = set(flow.parameters.properties)
        extra = [
            set(entry.get("parameters", {})) for key in ("schedules", "triggers") for entry in deployment.get(key, ())
        ]
        assert set(deployment["parameters"]).union(*extra) <= known, deployment["name"]
        assert set(given) & known <= set(deployment["parameters"]), deployment["name"]
