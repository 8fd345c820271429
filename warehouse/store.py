"""Where a warehouse is: a file, or a lake, which is a catalogue in a database and tables as Parquet files (DuckLake)."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from extractors.errors import PullquoteError

SCHEME = "ducklake:"
DATA = "?data="
HOW = "ducklake:sqlite:FILE or ducklake:postgres:dbname=NAME host=…, each with ?data=FOLDER or ?data=s3://BUCKET/PREFIX"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How an object store is entered; None: as it is by default."""

    endpoint: str | None = None
    region: str | None = None
    key: str | None = None
    secret: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lake:
    """A lake: `catalogue` as DuckLake names it, `data` its folder or s3://… address (None: as the catalogue has it).

    `local` is what the files of this machine are named after: the captures, and the lock that its writers share.
    """

    catalogue: str
    data: str | None
    local: Path
    access: Access = field(default=Access(), repr=False, compare=False)

    def __str__(self) -> str:
        return f"{SCHEME}{self.catalogue}{DATA + self.data if self.data else ''}"

    @property
    def file(self) -> Path | None:
        """The file of the catalogue; None: it is in Postgres."""
        kind, _, place = self.catalogue.partition(":")
        return Path(place) if kind == "sqlite" else None


Store = Path | Lake


def store_of(text: str, *, local: Path | None = None, access: Access = Access()) -> Store:
    """The store at an address; `local` is what its files on this machine are named after, if not as usual.

    PullquoteError warehouse.address.
    """
    if not text.startswith(SCHEME):
        return Path(text)
    kind, _, rest = text.removeprefix(SCHEME).partition(":")
    place, _, data = rest.partition(DATA)
    data = data if "://" in data or not data else str(Path(data).expanduser().resolve())
    if kind == "sqlite" and place:
        file = Path(place).expanduser().resolve()
        return Lake(catalogue=f"sqlite:{file}", data=data or None, local=local or file, access=access)
    name = re.search(r"(?:^|\s)dbname=(\S+)", place)
    if kind != "postgres" or name is None:
        raise PullquoteError("warehouse.address", f"a lake is named {HOW}")
    if re.search(r"password\s*=|://", place):
        detail = "a password in an address is seen by others: set PGPASSWORD, or write it into ~/.pgpass"
        raise PullquoteError("warehouse.address", detail)
    beside = Path(re.sub(r"\W", "-", name[1])).resolve()
    return Lake(catalogue=f"postgres:{place}", data=data or None, local=local or beside, access=access)


def absolute(store: Store) -> Store:
    """The same from whatever folder a process runs in."""
    return store.expanduser().resolve() if isinstance(store, Path) else store
