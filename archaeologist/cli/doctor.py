"""`archaeologist doctor`: what this machine has and lacks, and what to do about it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rich_click as click

from archaeologist import __version__
from archaeologist.cli import exits
from archaeologist.cli.options import STATE_OPTIONS, place_of, with_options
from archaeologist.errors import ArchaeologistError
from archaeologist.pipeline.spawn import worker_status
from archaeologist.temporal.binary import find_binary
from archaeologist.temporal.server import server_status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.cli.options import Place

LIBRARIES = ("temporalio", "openai", "libcst", "ruff", "textual", "pydantic")
_START_A_WORKER = "`modernize`, `resume`, `approve`, `tell`, `budget` and `cancel`"
LOW_DISK_BYTES = 500_000_000
OLDEST_GIT = (2, 36)
"""The first git whose `core.fsync` lets a recorded object survive a power cut."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: `ok`, `FAIL` or `note`."""

    state: str
    name: str
    text: str
    hint: str = ""


@click.command()
@with_options(STATE_OPTIONS)
def doctor(**flags: Any) -> int:
    """Check what this machine has and lacks."""
    checks = list(_checks(flags))
    for check in checks:
        click.echo(f"{check.state:<4}  {check.name:<14} {check.text}")
        if check.hint:
            click.echo(f"      {'':<14} hint: {check.hint}")
    return exits.CANNOT_RUN if any(check.state == "FAIL" for check in checks) else exits.DONE


def _checks(flags: dict[str, Any]) -> Iterator[Check]:
    yield Check("ok", "archaeologist", f"{__version__}, Python {platform.python_version()}, {platform.platform()}")
    yield _git()
    libraries = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    yield Check("ok", "libraries", libraries)
    yield from _plugins()
    try:
        place = place_of(flags)
    except ArchaeologistError as error:
        yield Check("FAIL", "state", str(error), error.hint)
        return
    yield from _state(place)
    yield from _models(place)
    yield from _server(place)
    yield _worker(place)
    yield from _asker(place)


def _git() -> Check:
    program = shutil.which("git")
    if program is None:
        return Check("FAIL", "git", "not found on PATH", "install git")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return git_check(said.strip().removeprefix("git version "), program)


def git_check(version: str, program: str) -> Check:
    """Judge a git by its version, such as `2.39.5` or `2.39.5 (Apple Git-154)`."""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    text = f"{version} at {program}"
    if numbers is None or (int(numbers[1]), int(numbers[2])) < OLDEST_GIT:
        return Check("FAIL", "git", text, f"git {OLDEST_GIT[0]}.{OLDEST_GIT[1]} or newer is needed")
    return Check("ok", "git", text)


def _plugins() -> Iterator[Check]:
    """Load what other distributions bring, as a run would; say nothing where there is nothing."""
    from archaeologist.agents.tooling.plugins import load_agents, load_tools
    from archaeologist.domain.names import PLUGIN_AGENTS, PLUGIN_TOOLS
    from archaeologist_tools.engine.registry import PLUGINS, all_rules
    from archaeologist_tools.plugins import plugins

    found = {plugin.distribution: None for group in (PLUGINS, PLUGIN_TOOLS, PLUGIN_AGENTS) for plugin in plugins(group)}
    broken = False
    for load in (all_rules, load_tools, load_agents) if found else ():
        try:
            load()
        except ArchaeologistError as error:
            broken = True
            yield Check("FAIL", "plugins", str(error), error.hint)
    if found and not broken:
        yield Check("ok", "plugins", ", ".join(found))


def _state(place: Place) -> Iterator[Check]:
    free = shutil.disk_usage(place.state.path).free
    text = f"{place.state.path}, {free / 1e9:.1f} GB free"
    low = free < LOW_DISK_BYTES
    yield Check("FAIL" if low else "ok", "state", text, "free some space, or name another --state-dir" if low else "")


def _models(place: Place) -> Iterator[Check]:
    """Look whether the configured models could be asked, without asking."""
    from archaeologist.pipeline.judging import judgement_of, require_keys

    try:
        judgement = judgement_of(place.settings)
        require_keys(judgement, os.environ)
    except ArchaeologistError as error:
        yield Check("FAIL", "model", str(error), error.hint)
    else:
        yield Check("ok", "model", ", ".join(sorted(set(judgement.models.values()))) or "offline: rules only")


def _server(place: Place) -> Iterator[Check]:
    if not place.server.embedded:
        yield Check("note", "server", f"{place.server.address}, namespace {place.server.namespace}")
        return
    try:
        binary = find_binary(place.server.binary, place.state.server / "download")
    except ArchaeologistError as error:
        yield Check("FAIL", "temporal", str(error), error.hint)
    else:
        yield Check("ok", "temporal", f"{binary.path} ({binary.origin})")
    found = server_status(place.state)
    if found.alive:
        yield Check(
            "ok" if found.healthy else "FAIL", "server", f"{found.address}, web ui {found.ui_url}, log {found.log}"
        )
    else:
        yield Check("note", "server", "not running; `modernize` and every command about runs start it")


def _worker(place: Place) -> Check:
    found = worker_status(place.state)
    if not found.alive:
        return Check("note", "worker", f"none; {_START_A_WORKER} start one; log {place.state.worker_log}")
    older = found.version not in {"", __version__}  # it says which one once it has begun
    text = f"pid {found.pid}, version {found.version}, {found.status}, log {place.state.worker_log}"
    return Check(
        "note" if older else "ok",
        "worker",
        text,
        f"end it with `kill {found.pid}`; the next command starts another" if older else "",
    )


def _asker(place: Place) -> Iterator[Check]:
    """Say where models are asked from, when they are."""
    from archaeologist.agents.asking.place import AskerPlace

    asker = AskerPlace(place.state.path)
    if asker.alive:
        yield Check("ok", "asker", f"pid {asker.pid}, asks models for the worker, log {asker.log}")
