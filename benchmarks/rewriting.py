"""The speed of the rules beside other rewriters', in CPU time, the time of child processes included.

What is compared runs in turns on fresh copies of the same folder, and only ratios have bars: they hold on any machine.
"""

from __future__ import annotations

import ast
import compileall
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
import warnings
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, TypeVar

import archaeologist
import archaeologist_tools
from archaeologist_tools.engine.parallel import facts_of
from archaeologist_tools.engine.progress import collector_paused
from archaeologist_tools.engine.registry import all_rules
from archaeologist_tools.engine.sweep import rewrite_files
from archaeologist_tools.project.facts import merge
from archaeologist_tools.source.target import parse_target
from benchmarks.measures import TARGET, Figure
from benchmarks.projects import django_source, youtube_dl_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ResultT = TypeVar("ResultT")

OTHERS = ("flynt==1.0.6", "pyupgrade==3.21.2")
RUFF = "check --fix --preview --unsafe-fixes --exit-zero --isolated --no-cache --quiet --select UP,FLY,PTH,SIM,FURB,C4"
STRINGS, EVERYTHING = ("--rules", "strings"), ()
LINES = (10_000, 100_000, 300_000)
TURNS = 50  # to read the files takes 25 ms or 50, as memory happens to be given back in between or not
FLAT = 1.25  # the machine's own noise, and files that are not alike


@dataclass(frozen=True)
class Spent:
    """Seconds that a command took.

    Attributes:
        cpu: of all its processes.
        wall: on the clock.
    """

    cpu: float
    wall: float


def rewriting(rounds: int) -> Iterator[Figure]:
    """Compare with the other rewriters, a parser, larger inputs, and the clock.

    Args:
        rounds: how often each project is rewritten by each.
    """
    with tempfile.TemporaryDirectory(prefix="archaeologist-bench-") as scratch:
        folder = Path(scratch)
        _compile_as_installed()
        others = _Others(folder / "others")
        django = django_source(folder / "Django")
        youtube_dl = youtube_dl_source(folder / "youtube_dl")
        for name, source in (("Django 1.11", django / "django"), ("youtube_dl", youtube_dl / "youtube_dl")):
            yield from _beside_others(name, others, _Copies(source, folder / f"copies of {name}"), rounds)
        yield from _beside_parser(django / "django")
        yield _growth(django, folder / "growth")


def _compile_as_installed() -> None:
    """Compile this package to bytecode, as pip has done with the others: in a checkout it may not be, or no longer."""
    for package in (archaeologist, archaeologist_tools):
        if not all(compileall.compile_dir(folder, quiet=2) for folder in package.__path__):
            raise SystemExit(f"{package.__name__} cannot be compiled")


class _Others:
    """The other rewriters, installed into an environment of their own.

    Args:
        folder: a folder for it, to be made.
    """

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=True)
        self._bin = folder / ("Scripts" if os.name == "nt" else "bin")
        install = [str(self._bin / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *OTHERS], check=True)

    def flynt(self, folder: Path) -> float:
        return _spent([str(self._bin / "flynt"), "--quiet", str(folder)]).cpu

    def together(self, folder: Path) -> float:
        """Pyupgrade, flynt and ruff one after the other, as people run them."""
        files = [str(path) for path in sorted(folder.rglob("*.py"))]
        # It ends with 1 when it changed something.
        upgrade = _spent([str(self._bin / "pyupgrade"), "--py38-plus", *files], ends_with=(0, 1)).cpu
        ruff = [str(Path(sys.executable).with_name("ruff")), *RUFF.split(), "--target-version", TARGET]
        return upgrade + self.flynt(folder) + _spent([*ruff, str(folder)]).cpu


class _Copies:
    """Copies of a project for those who change it, which stay until all is measured.

    Where many files were just deleted, a file system such as ext4 takes ten times as long to make new ones, and who
    replaces files as a whole makes some: half a second of Django, which has nothing to do with the rewriting.

    Args:
        source: the project.
        folder: a folder for them, to be made.
    """

    def __init__(self, source: Path, folder: Path) -> None:
        self._source = source
        self._folder = folder
        self._count = 0

    def spent(self, work: Callable[[Path], ResultT]) -> ResultT:
        """What some work on a new copy gives."""
        self._count += 1
        return work(Path(shutil.copytree(self._source, self._folder / str(self._count) / self._source.name)))


def _beside_others(name: str, others: _Others, copies: _Copies, rounds: int) -> Iterator[Figure]:
    strings, flynt, every, together = [], [], [], []
    for _ in range(rounds):
        strings.append(copies.spent(lambda folder: _apply(folder, *STRINGS).cpu))
        flynt.append(copies.spent(others.flynt))
        every.append(copies.spent(lambda folder: _apply(folder, *EVERYTHING)))
        together.append(copies.spent(others.together))
    told = f"median of {rounds}: {median(strings):.1f} s / {median(flynt):.1f} s"
    yield Figure(f"strings family / flynt, {name}", _ratio(strings, flynt), "times", 1.0, told)
    spent = [one.cpu for one in every]
    told = f"median of {rounds}: {median(spent):.1f} s / {median(together):.1f} s"
    yield Figure(f"all rules / pyupgrade, flynt and ruff, {name}", _ratio(spent, together), "times", 0.5, told)
    clock = _ratio([one.wall for one in every], spent)
    yield Figure(f"clock / CPU, all rules, {name}", clock, "times", 0.65, f"{os.cpu_count()} cores")


def _beside_parser(source: Path) -> Iterator[Figure]:
    """Files in which nothing is found and nothing is left alone, against reading them with `ast.parse`."""
    files = [(str(path.relative_to(source)), path.read_bytes()) for path in sorted(source.rglob("*.py"))]
    target, codes = parse_target(TARGET), [rule.code for rule in all_rules() if rule.rewrites]
    facts = merge(facts_of(files))
    rewrites = rewrite_files(files, rules=codes, target=target, facts=facts)
    clean = [
        file
        for file, done in zip(files, rewrites, strict=True)
        if file[1].strip() and done.status == "ok" and not done.layers and not done.refusals
    ]
    parse = rewrite = gather = 0.0
    for _ in range(TURNS):
        parse += _cpu_of(lambda: _parse(clean))
        rewrite += _cpu_of(lambda: rewrite_files(clean, rules=codes, target=target, facts=facts))
        gather += _cpu_of(lambda: facts_of(clean))
    told = f"{len(clean)} files of Django 1.11 in {TURNS} turns, {parse / TURNS * 1000:.0f} ms each"
    yield Figure("file without findings / ast.parse", rewrite / parse, "times", 2.0, told)
    told = "gathered once for the whole project"
    yield Figure("facts of a file / ast.parse", gather / parse, "times", None, told)


def _parse(files: Sequence[tuple[str, bytes]]) -> None:
    with collector_paused(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _, data in files:
            ast.parse(data)


def _growth(source: Path, folder: Path) -> Figure:
    """CPU time a line over ever more of Django with its tests, all of it real code: no text is there twice."""
    costs = {}
    # In an order that has nothing to do with what is in the files, so that each share is like the whole.
    paths = sorted(source.rglob("*.py"), key=lambda path: sha256(str(path.relative_to(source)).encode()).digest())
    for wanted in LINES:
        target, lines = folder / str(wanted), 0
        for path in paths:
            if lines < wanted:
                lines += path.read_bytes().count(b"\n")
                place = target / path.relative_to(source)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
        costs[wanted] = _apply(target).cpu / lines * 1000
    told = ", ".join(f"{wanted // 1000}k {cost * 1000:.0f} ms" for wanted, cost in costs.items())
    return Figure("growth of CPU a line", costs[LINES[-1]] / costs[LINES[0]], "times", FLAT, f"a 1000 lines: {told}")


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def _apply(folder: Path, *options: str) -> Spent:
    program = str(Path(sys.executable).with_name("archaeologist"))
    return _spent([program, "rules", "apply", "--target-version", TARGET, *options, str(folder)])


def _spent(command: list[str], ends_with: tuple[int, ...] = (0,)) -> Spent:
    """Run a command and take its time, with that of the processes it waits for."""
    began, before = time.perf_counter(), os.times()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after, wall = os.times(), time.perf_counter() - began
    if done.returncode not in ends_with:
        raise SystemExit(f"{' '.join(command[:4])} ... ended with {done.returncode}:\n{done.stderr}")
    return Spent(after.children_user + after.children_system - before.children_user - before.children_system, wall)


def _cpu_of(work: Callable[[], object]) -> float:
    before = _cpu()
    work()
    return _cpu() - before


def _cpu() -> float:
    times = os.times()  # of this process it tells no more than ticks of 10 ms
    return time.process_time() + times.children_user + times.children_system
