"""Which files a batch is made of, beside the warehouse, for the run that an event starts."""

import json
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from warehouse.files import files_of
from warehouse.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The paths to ingest, and those to give up, each with the reason."""

    paths: tuple[str, ...]
    given_up: tuple[tuple[str, str], ...] = ()


def manifests_of(warehouse: Store) -> Path:
    """The folder of the manifests."""
    return files_of(warehouse).beside("landed")


def written(manifest: Manifest, folder: Path) -> Path:
    """Where the manifest is now, whole."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{uuid4()}.json"
    half = path.with_suffix(".tmp")
    half.write_text(json.dumps({"paths": manifest.paths, "given_up": manifest.given_up}), encoding="utf-8")
    return half.replace(path)


def read(path: Path) -> Manifest | None:
    """The manifest; None if its batch was dealt with and it is gone."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Manifest(
        paths=tuple(str(entry) for entry in value["paths"]),
        given_up=tuple((str(entry), str(reason)) for entry, reason in value["given_up"]),
    )
