"""The rules over many files in as many processes as there are cores.

The whole project is read first, because what a rule may do in one file can depend on another. Each process has files of
its own from the beginning to the end, so that what it read for the facts need not be read again for the rewrite.
"""

from __future__ import annotations

import gc
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.engine.guard import read_for
from archaeologist_tools.engine.progress import collector_paused
from archaeologist_tools.engine.sweep import FileRewrite, rewrite_files
from archaeologist_tools.inference.names import names_of
from archaeologist_tools.inference.results import results, untold_methods
from archaeologist_tools.project.asked import Asked
from archaeologist_tools.project.facts import early_facts, file_facts, merge
from archaeologist_tools.project.hints import Hints, hints
from archaeologist_tools.source.module import Module, Unreadable
from archaeologist_tools.source.scope import content_skip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.project.models import FileFacts, ProjectFacts

_Files: TypeAlias = "Sequence[tuple[str, bytes]]"

_WORTH_A_PROCESS = 200_000
"""Bytes of source below which starting processes takes longer than the work."""
_KEPT_BYTES = 8_000_000
"""Bytes of source whose syntax trees, some fifty times as large, a process keeps between facts and rewrite."""

_read: dict[str, Module] = {}
"""What this process has read for the facts; a process of a pool ends with it, as to take trees apart takes long."""
_unreadable: dict[str, Unreadable] = {}
"""What this process could not read."""


@dataclass(frozen=True)
class _Gathered:
    """What a share of the files says.

    Attributes:
        facts: the facts of its files.
        early: the facts by path of those that the process keeps; what they say of values is told when it is asked.
        asked: what its files ask others.
    """

    facts: list[FileFacts] = field(default_factory=list)
    early: dict[str, FileFacts] = field(default_factory=dict)
    asked: Asked = field(default_factory=Asked)


@dataclass(frozen=True)
class _Answered:
    """What the files that a process keeps say of values.

    Attributes:
        results: what the functions of each file give, by its path.
        shown: what all together show of values.
    """

    results: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    shown: Hints = field(default_factory=Hints)


def rewrite_in_parallel(
    files: _Files, *, rules: Sequence[str], target: tuple[int, int], around: _Files = ()
) -> list[FileRewrite]:
    """Rewrite files; the result is that of `rewrite_files` over all of them at once.

    Args:
        files: paths and contents.
        rules: codes of the rules to apply.
        target: the lowest Python that the result has to run on.
        around: other files of the project, which are read and not rewritten.

    Returns:
        One rewrite a file, in the same order.
    """
    cores = os.cpu_count() or 1
    if cores == 1 or sum(len(data) for _, data in (*files, *around)) < _WORTH_A_PROCESS:
        facts = merge([*facts_of(files, target=target), *facts_of(around)])
        try:
            return _rewritten(files, rules, target, facts)
        finally:
            _read.clear()
            _unreadable.clear()
    shares, others = _shares(files, cores), _shares(around, cores)
    rewrites: dict[int, FileRewrite] = {}
    with ExitStack() as stack, collector_paused():
        pools = [stack.enter_context(ProcessPoolExecutor(1, initializer=gc.disable)) for _ in shares]
        gathering = [
            pool.submit(_gathered, [files[number] for number in share], target)
            for pool, share in zip(pools, shares, strict=True)
        ]
        gathering += [
            pool.submit(_gathered, [around[number] for number in share], None)
            for pool, share in zip(pools, others, strict=True)
        ]
        facts = _together([job.result() for job in gathering], pools)
        jobs = [
            pool.submit(_rewritten, [files[number] for number in share], rules, target, facts)
            for pool, share in zip(pools, shares, strict=True)
        ]
        for share, job in zip(shares, jobs, strict=True):
            rewrites.update(zip(share, job.result(), strict=True))
    return [rewrite for _, rewrite in sorted(rewrites.items())]


def _shares(files: _Files, count: int) -> list[list[int]]:
    """The numbers of the files, in as many shares of about the same size."""
    shares, sizes = [list[int]() for _ in range(count)], [0] * count
    for number in sorted(range(len(files)), key=lambda number: -len(files[number][1])):
        lightest = sizes.index(min(sizes))
        shares[lightest].append(number)
        sizes[lightest] += len(files[number][1])
    return shares


def _together(shares: Sequence[_Gathered], pools: Sequence[ProcessPoolExecutor]) -> ProjectFacts:
    """Merge what all files say, when each process has found what the files of all ask its own ones."""
    asked = Asked()
    for share in shares:
        asked.update(share.asked)
    jobs = [pool.submit(_answered, asked) for pool in pools]
    facts = [fact for share in shares for fact in share.facts]
    answers = [job.result() for job in jobs]
    for share, answer in zip(shares, answers, strict=False):  # those of the files around are not kept
        facts += [replace(fact, results=answer.results[path]) for path, fact in share.early.items()]
    return merge(facts, [answer.shown for answer in answers])


def _gathered(files: _Files, target: tuple[int, int] | None) -> _Gathered:
    found = _Gathered()
    with collector_paused():
        for module in _modules(files, target):
            if _read.get(module.path) is module:
                facts = found.early[module.path] = early_facts(module)
            else:
                found.facts.append(facts := file_facts(module))
            found.asked.add(module.index, facts.tuples, (*untold_methods(module.index), *facts.loose))
    return found


def _answered(asked: Asked) -> _Answered:
    """What the files that this process keeps say of values."""
    found, methods = _Answered(), asked.borrowed - asked.untold  # of fewer and fewer methods something may be known
    with collector_paused():
        for path, module in _read.items():
            found.results[path] = tuple(results(module, asked.borrowed, methods))
            found.shown.update(hints(module.index, asked.defined, names_of(module).values))
    return found


def facts_of(files: _Files, *, target: tuple[int, int] | None = None) -> list[FileFacts]:
    """Return what other files' rewrites must know of these.

    Args:
        files: paths and contents.
        target: keep the syntax trees for a rewrite for this Python, as far as memory allows.
    """
    with collector_paused():
        return [file_facts(module) for module in _modules(files, target)]


def _modules(files: _Files, target: tuple[int, int] | None) -> Iterator[Module]:
    """Read files, and keep them where there is a target, as long as there is room for more."""
    room = _KEPT_BYTES if target else 0
    for path, data in files:
        module = read_for(path, data, target or (3, 0)) if content_skip(path, data) is None else None
        if isinstance(module, Module):
            if room > 0:
                _read[path] = module
                room -= len(data)
            yield module
        elif target and module:
            _unreadable[path] = module


def _rewritten(files: _Files, rules: Sequence[str], target: tuple[int, int], facts: ProjectFacts) -> list[FileRewrite]:
    return rewrite_files(files, rules=rules, target=target, facts=facts, known={**_read, **_unreadable})
