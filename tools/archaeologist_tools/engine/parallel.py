"""The rules over many files in as many processes as there are cores.

The whole project is read first, because what a rule may do in one file can depend on another.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING

from archaeologist_tools.engine.progress import collector_paused
from archaeologist_tools.engine.sweep import FileRewrite, rewrite_files
from archaeologist_tools.project.facts import file_facts, merge
from archaeologist_tools.source.module import Module, read_module
from archaeologist_tools.source.scope import content_skip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.project.models import FileFacts

_WORTH_A_PROCESS = 200_000
"""Bytes of source below which starting processes takes longer than the work."""


def rewrite_in_parallel(
    files: Sequence[tuple[str, bytes]],
    *,
    rules: Sequence[str],
    target: tuple[int, int],
    around: Sequence[tuple[str, bytes]] = (),
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
    known = [*files, *around]
    if cores == 1 or sum(len(data) for _, data in known) < _WORTH_A_PROCESS:
        return rewrite_files(files, rules=rules, target=target, facts=merge(facts_of(known)))
    chunks = [list(files[start :: cores * 4]) for start in range(cores * 4)]
    with ProcessPoolExecutor(cores) as pool:
        facts = merge(
            chain.from_iterable(pool.map(facts_of, [known[start :: cores * 4] for start in range(cores * 4)]))
        )
        jobs = [pool.submit(rewrite_files, chunk, rules=rules, target=target, facts=facts) for chunk in chunks]
        done = [job.result() for job in jobs]
    rewrites: list[FileRewrite] = []
    for position in range(len(files)):
        chunk, place = position % (cores * 4), position // (cores * 4)
        rewrites.append(done[chunk][place])
    return rewrites


def facts_of(files: Sequence[tuple[str, bytes]]) -> list[FileFacts]:
    """Return what other files' rewrites must know of these."""
    with collector_paused():
        return [fact for path, data in files for fact in _facts_in(path, data)]


def _facts_in(path: str, data: bytes) -> list[FileFacts]:
    module = read_module(path, data) if content_skip(path, data) is None else None
    return [file_facts(module)] if isinstance(module, Module) else []
