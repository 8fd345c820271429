"""SQL by name: the .sql files that stand beside the code; the file is the registration."""

import hashlib
from collections.abc import Container, Sequence
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


def merge_of(
    table_name: str,
    columns: Sequence[str],
    *,
    key: Sequence[str],
    kept: Container[str] = (),
    ignored: Container[str] = (),
) -> str:
    """The MERGE of `incoming_TABLE` into a table: `kept` columns stay as first stored, and a row that differs in
    nothing but `ignored` ones is not rewritten.
    """
    rewritten = [name for name in columns if name not in key and name not in kept]
    compared = [name for name in rewritten if name not in ignored]
    (template,) = (file.text for file in files_in("merges") if file.stem == "merge")
    return template.format_map(
        {
            "table": table_name,
            "same_key": " AND ".join(f'stored."{name}" = incoming."{name}"' for name in key),
            "differs": " OR ".join(f'stored."{n}" IS DISTINCT FROM incoming."{n}"' for n in compared) or "false",
            "assignments": ", ".join(f'"{name}" = incoming."{name}"' for name in rewritten or key),
            "columns": ", ".join(f'"{name}"' for name in columns),
            "values": ", ".join(f'incoming."{name}"' for name in columns),
        }
    )
