"""All rules over many files: what the pipeline calls.

Plain values in and out, no disk but a temporary folder for ruff. A file that cannot be read or is not ours to change
comes back with its status; nothing about a file's content raises.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from archaeologist_tools.engine.first_look import looks, open_files
from archaeologist_tools.engine.guard import open_for, parsed
from archaeologist_tools.engine.progress import Progress, collector_paused
from archaeologist_tools.engine.registry import commit_order, find_rule
from archaeologist_tools.engine.sieve import Sieve
from archaeologist_tools.project.facts import file_facts, merge
from archaeologist_tools.source.module import Module, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archaeologist_tools.engine.base import AnyRule, Refusal
    from archaeologist_tools.engine.first_look import Open
    from archaeologist_tools.engine.layers import Layer
    from archaeologist_tools.project.models import ProjectFacts

_NOTHING: Mapping[str, Module | Unreadable] = MappingProxyType({})

# An edit waits for the next round where another one is in its way; more rounds than this were never needed.
MAX_ROUNDS = 12


@dataclass(frozen=True)
class FileRewrite:
    """A file's layers in the order they have to be committed, and what was left alone.

    Attributes:
        path: the file.
        layers: one a rule and pass; none when nothing changes.
        refusals: findings that remain, with reasons; their places are in the last layer.
        status: `ok`, or why the file was not looked at, as far as that was to be found out.
        message: the reason in words, empty when `ok`.
    """

    path: str
    layers: tuple[Layer, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    status: str = "ok"
    message: str = ""


def rewrite_files(
    files: Sequence[tuple[str, bytes]],
    *,
    rules: Sequence[str],
    target: tuple[int, int],
    facts: ProjectFacts | None = None,
    known: Mapping[str, Module | Unreadable] = _NOTHING,
) -> list[FileRewrite]:
    """Rewrite until no rule has anything left to do.

    A file is parsed only where a rule may find something. Whether the others can be parsed is not told, unless the
    facts are taken from these files, or it is known.

    Args:
        files: paths and contents.
        rules: codes of the rules to apply; each layer is one rule's.
        target: the lowest Python that the result has to run on.
        facts: what is known of the project; taken from these files when None.
        known: files that somebody tried to read already, by path, for this target; what changes loses its tree.

    Returns:
        One rewrite a file, in the same order. Rewriting the last layer again changes nothing.

    Raises:
        UsageError: no rule has one of the codes.
        RuffFailed: ruff cannot be used.
    """
    wanted = {find_rule(code) for code in rules}
    chosen = [rule for rule in commit_order() if rule in wanted and rule.rewrites]

    def open_one(path: str, data: bytes) -> Module | Unreadable:
        match known.get(path):
            case Unreadable() as file:
                return file
            case Module() as module if module.data == data:
                return module
        return open_for(path, data, target)

    with collector_paused():
        return _rewritten(files, chosen, target, facts, open_one)


def _rewritten(
    files: Sequence[tuple[str, bytes]],
    chosen: Sequence[AnyRule],
    target: tuple[int, int],
    facts: ProjectFacts | None,
    open_one: Open,
) -> list[FileRewrite]:
    skipped, modules = open_files(files, open_one if facts else lambda *file: parsed(open_one(*file)))
    facts = facts or merge(map(file_facts, modules.values()))
    rewrites = {number: _left(none) for number, none in skipped.items()}
    sieve, active = Sieve(chosen, facts), dict[int, Progress]()
    for number, state in _first_round(modules, sieve, target, facts):
        if isinstance(state, Progress):
            active[number] = state
        else:
            rewrites[number] = state
    for _ in range(1, MAX_ROUNDS):
        rewrites.update(_next_round(active, sieve, target))
    rewrites.update((number, _result(state)) for number, state in active.items())
    return [rewrite for _, rewrite in sorted(rewrites.items())]


def _first_round(
    modules: dict[int, Module], sieve: Sieve, target: tuple[int, int], facts: ProjectFacts
) -> Iterator[tuple[int, Progress | FileRewrite]]:
    """Run every rule once over files; give the results of those that are done, and take all out of what is given.

    A file is parsed when its turn comes, and let go of once nothing changes in it: the trees of all together would fill
    the memory, and to walk a tree and to take it apart is fastest when it was just made.
    """
    awake, diagnostics = looks(modules, sieve, target)
    for number in [*modules]:
        module: Module | Unreadable = modules.pop(number)
        if not diagnostics[number] and not any(rule.nodes for rule in awake[number]):
            yield number, FileRewrite(module.path)
        elif isinstance(module := parsed(module), Module):
            state = Progress(module, sieve, target, facts)
            yield number, state if state.run(awake[number], diagnostics[number]) else _result(state)
        else:
            yield number, _left(module)


def _next_round(
    active: dict[int, Progress], sieve: Sieve, target: tuple[int, int]
) -> Iterator[tuple[int, FileRewrite]]:
    """Run every rule once over the files that are still changing; give and take out those that no longer do."""
    modules = {number: state.module for number, state in active.items()}
    known = {number: state.awake for number, state in active.items() if state.awake is not None}
    awake, diagnostics = looks(modules, sieve, target, known)
    for number in [*active]:
        if not active[number].run(awake[number], diagnostics[number]):
            yield number, _result(active.pop(number))


def _left(file: Unreadable) -> FileRewrite:
    return FileRewrite(file.path, status=file.code, message=file.message)


def _result(state: Progress) -> FileRewrite:
    return FileRewrite(state.path, tuple(state.layers), tuple(state.refusals))
