"""The rules over many files in as many processes as there are cores.

The whole project is read first, because what a rule may do in one file can depend on another. Each process has files of
its own from the beginning to the end, so that what it read for the facts need not be read again for the rewrite.
"""

from __future__ import annotations

import gc
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.engine.guard import read_for
from archaeologist_tools.engine.progress import collector_paused
from archaeologist_tools.engine.sweep import FileRewrite, rewrite_files
from archaeologist_tools.project.facts import file_facts, merge
from archaeologist_tools.source.module import Module
from archaeologist_tools.source.scope import content_skip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.project.models import FileFacts, ProjectFacts

_Files: TypeAlias = "Sequence[tuple[str, bytes]]"

_WORTH_A_PROCESS = 200_000
"""Bytes of source below which starting processes takes longer than the work."""
_KEPT_BYTES = 8_000_000
"""Bytes of source whose syntax trees, some fifty times as large, a process keeps between facts and rewrite."""

_read: dict[str, Module] = {}
"""What this process has read for the facts; a process of a pool ends with it, as to take trees apart takes long."""


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
    shares, others = _shares(files, cores), _shares(around, cores)
    rewrites: dict[int, FileRewrite] = {}
    with ExitStack() as stack:
        pools = [stack.enter_context(ProcessPoolExecutor(1, initializer=gc.disable)) for _ in shares]
        gathering = [
            pool.submit(facts_of, [files[number] for number in share], target=target)
            for pool, share in zip(pools, shares, strict=True)
        ]
        gathering += [
            pool.submit(facts_of, [around[number] for number in share])
            for pool, share in zip(pools, others, strict=True)
        ]
        facts = merge([fact for job in gathering for fact in job.result()])
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


def facts_of(files: _Files, *, target: tuple[int, int] | None = None) -> list[FileFacts]:
    """Return what other files' rewrites must know of these.

    Args:
        files: paths and contents.
        target: keep the syntax trees for a rewrite for this Python, as far as memory allows.
    """
    found: list[FileFacts] = []
    room = _KEPT_BYTES if target else 0
    with collector_paused():
        for path, data in files:
            module = read_for(path, data, target or (3, 0)) if content_skip(path, data) is None else None
            if not isinstance(module, Module):
                continue
            if room > 0:
                _read[path] = module
                room -= len(data)
            found.append(file_facts(module))
    return found


def _rewritten(files: _Files, rules: Sequence[str], target: tuple[int, int], facts: ProjectFacts) -> list[FileRewrite]:
    return rewrite_files(files, rules=rules, target=target, facts=facts, known=_read)
