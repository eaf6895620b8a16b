"""What is measured, each against a bar that the design sets."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import psutil

from archaeologist.pipeline.spawn import worker_status
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings
from benchmarks.projects import copied, django, generated, one_file
from support.commandline import CommandLine
from support.embedded import scratch_state
from support.repositories import make_repository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.temporal.state import StateDirectory

TARGET = "py38"
HELP_ROUNDS = 20
MIB = 1024 * 1024
SAMPLE_SECONDS = 0.1


@dataclass(frozen=True)
class Figure:
    """One row of the table.

    Attributes:
        name: what was measured.
        value: the figure, in `unit`.
        unit: `s`, `ms`, `MiB`, `times`, `events`, `events/s` or `tokens`.
        bar: what it may be at most; None when it only explains another figure.
        detail: the figures it was made of.
    """

    name: str
    value: float
    unit: str
    bar: float | None = None
    detail: str = ""


@dataclass
class Watch:
    """Samples the memory of a state directory's worker while a run is at work.

    Attributes:
        worker: peak resident bytes of the worker process.
        family: peak resident bytes of the worker with its child processes.
    """

    state: StateDirectory
    worker: int = 0
    family: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Sample until told to end."""
        while not self._ended.wait(SAMPLE_SECONDS):
            pid = worker_status(self.state).pid
            if pid is None:
                continue
            with suppress(psutil.NoSuchProcess):
                process = psutil.Process(pid)
                own = process.memory_info().rss
                self.worker = max(self.worker, own)
                self.family = max(self.family, own + sum(self._children(process)))

    def end(self) -> None:
        """Stop sampling."""
        self._ended.set()

    @staticmethod
    def _children(process: psutil.Process) -> Iterator[int]:
        for child in process.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                yield child.memory_info().rss


def durability_tax(rounds: int) -> Iterator[Figure]:
    """Compare runs on Django with the same work in process, and with runs that have nothing to do, in turns.

    What a run costs when there is nothing to do does not grow with the repository: that is the fixed start. The tax is
    what is left of the run, over the work alone.
    """
    with tempfile.TemporaryDirectory(prefix="archaeologist-bench-") as scratch:
        origin, nearly_empty = django(Path(scratch, "django")), one_file(Path(scratch, "one"))
        plain, runs, fixed = [], [], []
        for number in range(rounds):
            folder = Path(scratch, str(number))
            plain.append(_in_process(origin))
            runs.append(_modernize(copied(origin, folder / "django"), folder / "state", "--no-tests"))
            fixed.append(_modernize(copied(nearly_empty, folder / "one"), folder / "fixed", "--no-tests"))
    taxes = [(run - start) / work for run, start, work in zip(runs, fixed, plain, strict=True)]
    told = f"median of {rounds}: (run {median(runs):.1f} s - start {median(fixed):.1f} s)"
    told += f" / in process {median(plain):.1f} s"
    yield Figure("durability tax on Django 1.11", median(taxes), "times", 1.3, told)
    yield Figure("fixed start of a run", median(fixed), "s", 3, "a whole run on one file, nothing started before")


def worker_memory() -> Iterator[Figure]:
    """Sample the memory of a worker on Django; apart from the timed runs, because to look takes time itself."""
    with tempfile.TemporaryDirectory(prefix="archaeologist-bench-") as scratch:
        folder = Path(scratch)
        repository = django(folder / "django")
        with scratch_state(folder / "state") as state:
            watch = Watch(state)
            looking = threading.Thread(target=watch.look)
            looking.start()
            try:
                _run_once(CommandLine.beside(state), repository, "--no-tests")
            finally:
                watch.end()
                looking.join()
    yield Figure("worker on Django 1.11", watch.worker / MIB, "MiB", 1024, "peak resident")
    yield Figure("worker with its children", watch.family / MIB, "MiB", None, "peak resident; shared pages count twice")


def help_text() -> Iterator[Figure]:
    """Time `archaeologist --help`."""
    command = [str(Path(sys.executable).with_name("archaeologist")), "--help"]
    times = []
    for _ in range(HELP_ROUNDS):
        started = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - started)
    yield Figure("archaeologist --help", median(times) * 1000, "ms", 150, f"median of {HELP_ROUNDS}")


def cold_start() -> Iterator[Figure]:
    """Time a whole run on the inventory fixture with nothing started, its tests before and after included."""
    with tempfile.TemporaryDirectory(prefix="archaeologist-bench-") as scratch:
        folder = Path(scratch)
        seconds = _modernize(make_repository("inventory", folder / "inventory"), folder / "state", "--trust-tests")
    yield Figure("modernize on the fixture, cold", seconds, "s", 15, "server and worker started, tests run twice")


def history_size() -> Iterator[Figure]:
    """Count the history events of a run at a thousand files over all its workflows."""
    with tempfile.TemporaryDirectory(prefix="archaeologist-bench-") as scratch:
        folder = Path(scratch)
        repository = generated(folder / "generated")
        with scratch_state(folder / "state") as state:
            _run_once(CommandLine.beside(state), repository, "--no-tests")
            workflows, events = asyncio.run(_count_events(state))
    yield Figure("history at 1,000 files", events, "events", 1500, f"in {workflows} workflows")


async def _count_events(state: StateDirectory) -> tuple[int, int]:
    client = await connect(ServerSettings(), state, start=False, plugins=[plugin()])
    workflows = events = 0
    async for execution in client.list_workflows():
        handle = client.get_workflow_handle(execution.id, run_id=execution.run_id)
        workflows += 1
        events += len((await handle.fetch_history()).events)
    return workflows, events


def _in_process(repository: Path) -> float:
    command = [sys.executable, str(Path(__file__).with_name("inprocess.py")), str(repository), TARGET]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["seconds"])


def _modernize(repository: Path, state_directory: Path, *options: str) -> float:
    """Time the command once against a state directory of its own, in seconds; no process is left afterwards."""
    with scratch_state(state_directory) as state:
        began = time.perf_counter()
        _run_once(CommandLine.beside(state), repository, *options)
        return time.perf_counter() - began


def _run_once(program: CommandLine, repository: Path, *options: str) -> None:
    done = program.run("modernize", repository, "--no-tui", "--target-version", TARGET, *options)
    if done.code:
        raise SystemExit(f"modernize {repository} ended with {done.code}:\n{done.stdout}\n{done.stderr}")
