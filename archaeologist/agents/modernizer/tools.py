"""The modernizer's tools: small edits of one file each, kept only when every gate lets them pass."""

from __future__ import annotations

import difflib
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from archaeologist.agents.steps.editing import Desk, Place, desk_of, edited, hash_told, told, whole_failures
from archaeologist.agents.steps.observing import observed
from archaeologist.agents.tooling.context import ToolContext, ToolResult
from archaeologist.agents.tooling.tools import tool
from archaeologist.errors import EditRefused
from archaeologist_tools.engine.parallel import facts_of
from archaeologist_tools.engine.registry import select_rules
from archaeologist_tools.engine.sweep import rewrite_files
from archaeologist_tools.gates.permission import allowed_by
from archaeologist_tools.git.snapshot import Snapshot
from archaeologist_tools.project.facts import merge
from archaeologist_tools.project.importable import importable
from archaeologist_tools.project.mentions import mentions_elsewhere
from archaeologist_tools.reading.excerpts import clean_lines
from archaeologist_tools.source.module import MAX_BYTES
from archaeologist_tools.source.scope import has_python_suffix
from archaeologist_tools.surgery import annotating, importing, rewriting, state

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archaeologist_tools.engine.layers import Layer
    from archaeologist_tools.git.command import Git
    from archaeologist_tools.project.models import FileFacts, ProjectFacts
    from archaeologist_tools.source.module import Module


_NOTHING = ToolResult("nothing changes")


@tool(idempotent=True)
def rewrite_function(
    path: str,
    qualname: str,
    source: str,
    based_on: str,
    imports: list[str] | None = None,
    line: int | None = None,
    drops_code: bool = False,
    *,
    context: ToolContext,
) -> ToolResult:
    """Replace one function, method or class, or only its body, by new source. All else in the file stays as it is.

    Signature, decorators, docstring and comments have to stay.

    Args:
        qualname: as in `Stock.add`
        source: all of it from `def` or `class` on, or only the statements of its body, in any indentation
        imports: import statements that the source needs
        line: one of its lines, when several have the name
        drops_code: code goes, and its comments with it
    """
    desk = desk_of(context)
    module = desk.module(path, based_on, Place(qualname, line))
    rewritten = rewriting.rewrite_function(module, qualname, source, line=line, drops=drops_code)
    imported = _with_imports(desk, module.rewritten(rewritten.data), imports or [])
    return edited(desk, path, [rewritten, *imported])


@tool(idempotent=True)
def annotate(
    path: str,
    qualname: str,
    types: dict[str, str],
    based_on: str,
    replace_existing: bool = False,
    line: int | None = None,
    *,
    context: ToolContext,
) -> ToolResult:
    """Annotate parameters and the result of one function. What `typing` has is imported, and quotes are seen to.

    Args:
        qualname: as in `Stock.add`
        types: by parameter; that of the result under `return`
        replace_existing: change those that are there
        line: one of its lines, when several have the name
    """
    desk = desk_of(context)
    module = desk.module(path, based_on, Place(qualname, line))
    done = annotating.annotate(module, qualname, types, desk.target, replace=replace_existing, line=line)
    return edited(desk, path, [done])


@tool(idempotent=True)
def add_import(path: str, statement: str, based_on: str, *, context: ToolContext) -> ToolResult:
    """Add one import where imports belong; rewrite_function adds those of its source itself.

    In the end every import must be used.

    Args:
        statement: such as `from a import b`
    """
    desk = desk_of(context)
    done = importing.add_import(desk.module(path, based_on, Place()), statement, desk.target, _known(desk))
    return edited(desk, path, [done], allowed=replace(allowed_by(done.edits), unused_imports=True))


@tool(idempotent=True)
def move_state(path: str, names: list[str], class_name: str, based_on: str, *, context: ToolContext) -> ToolResult:
    """Move names of a module, which functions declare `global`, into a class; all uses in the file follow.

    Only names that nothing outside of the file uses, each assigned a plain value once at the top level.

    Args:
        class_name: what they become attributes of, such as `_State`
    """
    desk = desk_of(context)
    module = desk.module(path, based_on)
    paths = [each for each in desk.snapshot.paths() if desk.snapshot.size(each) <= MAX_BYTES]
    elsewhere = mentions_elsewhere(path, names, desk.snapshot.contents(paths).items())
    return edited(desk, path, [state.move_state(module, names, class_name, used_elsewhere=elsewhere)])


@tool(idempotent=True, seconds=300)
def apply_rules(path: str, rules: list[str], based_on: str, *, context: ToolContext) -> ToolResult:
    """Apply rules of this program to one file; they are exact, and cheaper than an edit of your own.

    Args:
        rules: codes, such as `AR001`
    """
    desk = desk_of(context)
    data = desk.writable(path, based_on)
    if not rules:
        raise EditRefused("name the rules to apply")
    codes = [rule.code for rule in select_rules(" ".join(rules)) if rule.rewrites]
    (done,) = rewrite_files([(path, data)], rules=codes, target=desk.target, facts=_project_facts(desk))
    if not done.layers:
        left = [f"line {each.span.line}: {each.rule} {each.message}" for each in done.refusals[:5]]
        return observed("\n".join(left), "what was left alone", note="nothing changes") if left else _NOTHING
    return edited(desk, path, done.layers)


@tool(read_only=True)
def run_gates(*, context: ToolContext) -> ToolResult:
    """Look at all your edits together, as is done in the end; the project's tests are not run."""
    desk = desk_of(context)
    failures = whole_failures(desk.before(), desk.snapshot, desk.workspace.edits, desk.target)
    if failures:
        return replace(observed(told(failures), "what the gates say"), ok=False)
    return ToolResult("all gates pass" if desk.workspace.changed else "there is no edit yet")


@tool(read_only=True)
def diff(*, context: ToolContext) -> ToolResult:
    """Show what your edits changed so far."""
    desk = desk_of(context)
    lines = [line for path in sorted(desk.workspace.changed) for line in _diff(desk, path)]
    return observed("\n".join(lines), "your edits") if lines else ToolResult("there is no edit yet")


@tool(idempotent=True)
def withdraw(path: str, *, context: ToolContext) -> ToolResult:
    """Take all your edits of a file back."""
    desk = desk_of(context)
    if path not in desk.workspace.changed:
        raise EditRefused(f"you have not edited {path}")
    changed = {each: oid for each, oid in desk.workspace.changed.items() if each != path}
    edits = tuple(edit for edit in desk.workspace.edits if edit.path != path)
    workspace = desk.workspace.model_copy(update={"changed": changed, "edits": edits})
    return desk.changed(workspace, f"{path} is as it was; {hash_told(desk.before(), path)}")


def _with_imports(desk: Desk, module: Module, statements: Sequence[str]) -> list[Layer]:
    """Add the imports that are not there yet, one on top of the other."""
    done: list[Layer] = []
    for statement in statements:
        if not importing.has_import(module, statement):
            done.append(importing.add_import(module, statement, desk.target, _known(desk)))
            module = module.rewritten(done[-1].data)
    return done


def _known(desk: Desk) -> frozenset[str]:
    return _importable(desk.snapshot.git, desk.workspace.commit)


@lru_cache(maxsize=4)
def _importable(git: Git, commit: str) -> frozenset[str]:
    snapshot = Snapshot(git, commit, {})
    return importable(snapshot.paths(), snapshot.contents)


def _project_facts(desk: Desk) -> ProjectFacts:
    """What rules have to know of the other files, as these are by now."""
    facts = dict(_facts_at(desk.snapshot.git, desk.workspace.commit))
    changed = filter(has_python_suffix, desk.workspace.changed)
    facts |= {path: facts_of([(path, desk.snapshot.read(path))]) for path in changed}
    return merge(fact for found in facts.values() for fact in found)


@lru_cache(maxsize=1)
def _facts_at(git: Git, commit: str) -> Mapping[str, list[FileFacts]]:
    snapshot = Snapshot(git, commit, {})
    contents = snapshot.contents(filter(has_python_suffix, snapshot.paths()))
    return {path: facts_of([(path, data)]) for path, data in contents.items()}


def _diff(desk: Desk, path: str) -> Iterator[str]:
    # Whether a value is a secret shows in the whole file, not in the lines around a change.
    before, after = clean_lines(desk.before(), path), clean_lines(desk.snapshot, path)
    yield from difflib.unified_diff(before, after, path, path, lineterm="")
