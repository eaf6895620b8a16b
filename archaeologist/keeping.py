"""Keeps a setting that a person tried: it goes into their configuration file, of which all else stays as it is."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from archaeologist.settings import PREFIX, load_settings, user_config
from archaeologist_tools.errors import UsageError

Value = str | Mapping[str, str | None]
"""What a setting shall be: a text, or what changes in a table; None takes a key out of it."""


@dataclass(frozen=True)
class Kept:
    """A setting was written.

    Attributes:
        path: the file that it is in.
        overruled: the variable that decides instead of the file; empty for none.
    """

    path: Path
    overruled: str = ""


def keep(name: str, value: Value, environment: Mapping[str, str] | None = None) -> Kept:
    """Write a setting into the user's configuration file, which is made when there is none.

    Args:
        name: the key, one that no repository may set.
        value: what it shall be; of a table, only what changes.
        environment: the variables; the process's own when None.

    Raises:
        UsageError: the file is not right as it is, or cannot be written.
    """
    variables = os.environ if environment is None else environment
    path = user_config(variables)
    origin = load_settings({}, environment=variables).values[name].origin
    try:
        _replace(path.resolve(), name, value)  # the file itself where the path is a link: people link such files
    except OSError as error:
        by_hand = f'write `{name} = "{value}"` into it' if isinstance(value, str) else f"change its `[{name}]`"
        hint = f"{by_hand} yourself, or name another file in {PREFIX}CONFIG"
        raise UsageError(f"{path} cannot be written: {error.strerror or error}", hint=hint) from error
    return Kept(path, "" if origin in {"default", str(path)} else origin)


def _replace(path: Path, name: str, value: Value) -> None:
    """Put a file with the setting in the place of the one that is there, whole at every moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = _changed(path.read_bytes() if path.exists() else b"", name, value)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as written:
        fresh = Path(written.name)
        try:
            written.write(text)
            written.flush()
            os.fsync(written.fileno())
            if path.exists():
                shutil.copymode(path, fresh)
            fresh.replace(path)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise


def _changed(text: bytes, name: str, value: Value) -> bytes:
    document = tomlkit.parse(text)
    if isinstance(value, str):
        document[name] = value
        return document.as_string().encode()
    for key, entry in value.items():
        # The table is looked up each time: tomlkit 0.15 loses count of dotted keys when several are taken out of one.
        if entry is not None:
            document.setdefault(name, tomlkit.table())[key] = entry
        elif name in document:
            document[name].pop(key, None)
    return document.as_string().encode()
