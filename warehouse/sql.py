"""SQL by name: the .sql files that stand beside the code; the file is the registration."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlFile:
    """One .sql file: `name` is its folder and file name, such as "views/articles_current.sql"."""

    name: str
    text: str

    @property
    def stem(self) -> str:
        """The file's name alone, without folder and ending."""
        return Path(self.name).stem

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@cache
def files_in(folder: str) -> tuple[SqlFile, ...]:
    """All .sql files of one of the package's folders, sorted by name."""
    paths = sorted((HERE / folder).glob("*.sql"))
    return tuple(SqlFile(name=f"{folder}/{path.name}", text=path.read_text(encoding="utf-8")) for path in paths)
