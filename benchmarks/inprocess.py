"""The work of a run without what makes it durable: the other side of the durability tax.

    python benchmarks/inprocess.py REPOSITORY TARGET

Reads the same files at the same commit, looks for the same findings, applies the same rules to the same files and
writes the same docstrings, in as many processes as there are cores; no server, no worker, no history, no artefact, no
commit. Prints JSON: the seconds of each part.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

from archaeologist_tools.engine.registry import all_rules
from archaeologist_tools.engine.survey import FileSurvey, survey_files
from archaeologist_tools.engine.sweep import FileRewrite, rewrite_files
from archaeologist_tools.git.objects import list_tree, read_blobs
from archaeologist_tools.git.repository import base_commit, locate
from archaeologist_tools.project.facts import merge
from archaeologist_tools.source.docstrings import module_docstring, refused_by_name
from archaeologist_tools.source.module import Module, read_module
from archaeologist_tools.source.scope import is_test_path, select
from archaeologist_tools.source.target import parse_target

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")
Files = Sequence[tuple[str, bytes]]

DOCSTRINGS = "AR050"
CHUNKS_A_CORE = 8


def main(repository: Path, target: tuple[int, int]) -> None:
    """Do the work and print how long each part took."""
    cores = os.cpu_count() or 1
    codes = [rule.code for rule in all_rules()]
    rewriting = [rule.code for rule in all_rules() if rule.rewrites]
    seconds: dict[str, float] = {}
    with ProcessPoolExecutor(cores) as pool:
        in_parallel = partial(_in_parallel, pool, cores * CHUNKS_A_CORE)
        started = time.perf_counter()
        files = _read(repository)
        seconds["read"] = -started + (started := time.perf_counter())
        surveys: list[FileSurvey] = in_parallel(partial(survey_files, rules=codes, target=target), files)
        facts = merge(survey.facts for survey in surveys)
        seconds["survey"] = -started + (started := time.perf_counter())
        chosen = [file for file, survey in zip(files, surveys, strict=True) if _to_rewrite(survey, rewriting)]
        rewrites: list[FileRewrite] = in_parallel(
            partial(rewrite_files, rules=rewriting, target=target, facts=facts), chosen
        )
        seconds["rewrite"] = -started + (started := time.perf_counter())
        written = {rewrite.path: rewrite.layers[-1].data for rewrite in rewrites if rewrite.layers}
        silent = [
            (path, written.get(path, data))
            for (path, data), survey in zip(files, surveys, strict=True)
            if _found(survey, [DOCSTRINGS]) and refused_by_name(path) is None
        ]
        in_parallel(_document, silent)
        seconds["document"] = -started + time.perf_counter()
    told = {"seconds": sum(seconds.values()), "parts": seconds, "files": len(files), "rewritten": len(written)}
    print(json.dumps(told))


def _read(repository: Path) -> list[tuple[str, bytes]]:
    location = locate(repository)
    entries = select(list_tree(location.git, base_commit(location))).files
    blobs = read_blobs(location.git, [entry.oid for entry in entries])
    return [(entry.path, blobs[entry.oid]) for entry in entries]


def _found(survey: FileSurvey, codes: Sequence[str]) -> bool:
    return survey.status == "ok" and any(finding.rule in codes for finding in survey.findings)


def _to_rewrite(survey: FileSurvey, rewriting: Sequence[str]) -> bool:
    return _found(survey, rewriting) and not is_test_path(survey.path)


def _document(files: Files) -> list[None]:
    for path, data in files:
        module = read_module(path, data)
        if isinstance(module, Module):
            module_docstring(module)
    return [None] * len(files)


def _in_parallel(
    pool: ProcessPoolExecutor, chunks: int, work: Callable[[list[ItemT]], Iterable[ResultT]], items: list[ItemT]
) -> list[ResultT]:
    """Do the work chunk by chunk; the results come in the order of the items."""
    size = max(1, -(-len(items) // chunks))
    cut = [items[start : start + size] for start in range(0, len(items), size)]
    return list(chain.from_iterable(pool.map(work, cut)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), parse_target(sys.argv[2]))
