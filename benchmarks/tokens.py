"""Tokens that models are sent and answer in a run, beside an agent that reads and rewrites whole files."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measures import Figure
from support.commandline import CommandLine
from support.embedded import scratch_state
from support.model_server import ModelServer
from support.modernist import well
from support.repositories import git, make_repository
from support.tokens import PARTS, Meter
from support.whole_files import Modernization, rewrite_whole_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.temporal.state import StateDirectory

TENTH = 0.1


def tokens() -> Iterator[Figure]:
    """Modernize the inventory with a model that does its work well, and compare."""
    with tempfile.TemporaryDirectory(prefix="archaeologist-bench-") as scratch:
        folder = Path(scratch)
        with scratch_state(folder / "state") as state:
            done, ours = _modernized(state, folder / "inventory")
            rival = asyncio.run(rewrite_whole_files(state, done, folder / "rival"))
            apart = asyncio.run(rewrite_whole_files(state, done, folder / "apart", apart=True))
        _print(ours)
        lines = done.changed_lines
    asked = f"{len(ours.turns)} requests, by a scripted model that does its work well"
    yield Figure("tokens to modernize the inventory", ours.tokens, "tokens", None, asked)
    yield Figure("tokens a changed line", ours.tokens / lines, "tokens", None, f"{lines} lines of `git diff --numstat`")
    beside = f"{rival.tokens:,} tokens in {len(rival.turns)} requests"
    yield Figure("beside rewriting whole files", ours.tokens / rival.tokens, "times", TENTH, beside)
    beside = f"{apart.tokens:,} tokens in {len(apart.turns)} requests"
    yield Figure("beside that, each file a conversation", ours.tokens / apart.tokens, "times", None, beside)


def _modernized(state: StateDirectory, root: Path) -> tuple[Modernization, Meter]:
    make_repository("inventory", root)
    meter = Meter(well)
    with ModelServer(meter) as server:
        run = CommandLine.beside(state).run("modernize", root, "--model", server.model, "--trust-tests", "--plain")
    if run.code:
        raise RuntimeError(f"archaeologist modernize ended with {run.code}: {run.stderr}")
    branch = git(root, "for-each-ref", "--format=%(refname:short)", "refs/heads/archaeologist/")
    return Modernization.on(root, "main", branch), meter


def _print(meter: Meter) -> None:
    """Say where the tokens go, by role and by turn."""
    print(f"{'role':<14} {'turn':>5} " + " ".join(f"{part:>7}" for part in PARTS), file=sys.stderr)
    for turn in meter.turns:
        row = " ".join(f"{turn.tokens_of(part):>7,}" for part in PARTS)
        print(f"{turn.role:<14} {turn.number:>5} {row}", file=sys.stderr)
    for role, turns, tokens in meter.by_role():
        row = " ".join(f"{tokens[part]:>7,}" for part in PARTS)
        print(f"{role:<14} {turns:>5} {row}  in all {tokens.total():,}", file=sys.stderr)
