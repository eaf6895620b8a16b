"""Keeps a setting that a person tried: it goes into their configuration file, of which all else stays as it is."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import tomlkit

from archaeologist.settings import PREFIX, load_settings, user_config
from archaeologist_tools.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Kept:
    """A setting was written.

    Attributes:
        path: the file that it is in.
        overruled: the variable that decides instead of the file; empty for none.
    """

    path: Path
    overruled: str = ""


def keep(name: str, value: str, environment: Mapping[str, str] | None = None) -> Kept:
    """Write a setting into the user's configuration file, which is made when there is none.

    Args:
        name: the key, one that no repository may set.
        value: what it shall be.
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
        hint = f'write `{name} = "{value}"` into it yourself, or name another file in {PREFIX}CONFIG'
        raise UsageError(f"{path} cannot be written: {error.strerror or error}", hint=hint) from error
    return Kept(path, "" if origin in {"default", str(path)} else origin)


def _replace(path: Path, name: str, value: str) -> None:
    """Put a file with the setting in the place of the one that is there, whole at every moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = tomlkit.parse(path.read_bytes() if path.exists() else b"")
    document[name] = value
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as written:
        fresh = Path(written.name)
        try:
            written.write(document.as_string().encode())
            written.flush()
            os.fsync(written.fileno())
            if path.exists():
                shutil.copymode(path, fresh)
            fresh.replace(path)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
