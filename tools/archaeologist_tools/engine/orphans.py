"""The imports whose last use edits took go with them.

Only imports from the standard library and of six are taken out, and those of flags for the Python version: what else
importing a module does is not known here.
"""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Edit, Evidence, Span, make_edit
from archaeologist_tools.engine.imports import is_of, line_end
from archaeologist_tools.project.module_names import stem_of
from archaeologist_tools.source.blank_lines import with_gap
from archaeologist_tools.source.index import bound_by

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence

    from archaeologist_tools.engine.imports import ImportStatement
    from archaeologist_tools.project.models import ProjectFacts
    from archaeologist_tools.source.index import Index
    from archaeologist_tools.source.module import Module

_FUTURE = "__future__"
_WORD = re.compile(r"\w+")
_NOQA = re.compile(rb"#\s*noqa|#\s*archaeologist:", re.IGNORECASE)


def taken(edits: Sequence[Edit], module: Module, facts: ProjectFacts) -> set[str]:
    """The names of imports whose last use edits took; new texts may use them again.

    Args:
        edits: the edits.
        module: the file without them.
        facts: what is known of the project.
    """
    words = {word for edit in edits for word in _WORD.findall(edit.before)}
    if not words:
        return set()
    index = module.index
    names = _imported(index, words, own_six="six" in facts.modules) | _passed_on(index, words, facts)
    return {name for name in names if index.names.get(name) and _takers(name, edits, module) is not None}


def orphans(names: Iterable[str], used: Container[str], module: Module, facts: ProjectFacts) -> set[str]:
    """Those of some names that nobody uses any more, and that nobody else can reach.

    Args:
        names: names of imports whose last use edits took.
        used: the names that new texts use.
        module: the file without the edits.
        facts: what is known of the project.
    """
    return {name for name in names if name not in used and _may_go(name, module, module.index, facts)}


def words_after(edits: Sequence[Edit]) -> set[str]:
    """The words in new texts, all of which may be names."""
    return {word for edit in edits for word in _WORD.findall(edit.after)}


def removals(names: Collection[str], edits: Sequence[Edit], module: Module, order: Callable[[str], int]) -> list[Edit]:
    """The edits that take out imports whose last use other edits took.

    Args:
        names: the orphans.
        edits: the other edits, whose places stay free.
        module: the file without any edit.
        order: the position of a rule among the layers: the last one that used a name takes its import along.

    Returns:
        Edits of the rules of the other edits, at places of the file before.
    """
    if not names:
        return []
    index = module.index
    found: list[Edit] = []
    going = set[int]()
    for edit in edits:
        if not edit.after:
            going.update(range(module.position(edit.span.start)[0], module.position(edit.span.end)[0]))
    for node in _statements(index):
        gone = [alias for alias in node.names if bound_by(alias) in names]
        cuts = _cuts(node, gone, module, index) if gone and _stays_loaded(node, names, index) else []
        if len(gone) == len(node.names):
            cuts = [_with_gap(*cut, edits, module, going) for cut in cuts]
        # An edit that replaces an import with what is around it has decided on it already.
        if any(edit.span.start < end and start < edit.span.end for edit in edits for start, end in cuts):
            continue
        takers = [rule for alias in gone for rule in _takers(bound_by(alias), edits, module) or ()]
        reason = f"nothing uses {', '.join(sorted(bound_by(alias) for alias in gone))} any more"
        found += (_removal(max(takers, key=order), start, end, reason, module) for start, end in cuts)
    return found


def _removal(rule: str, start: int, end: int, reason: str, module: Module) -> Edit:
    old, span = module.data[start:end].decode(module.encoding), Span(start, end, *module.position(start))
    return make_edit(rule, module.path, span, before=old, after="", evidence=Evidence.PROVED, reason=reason)


def _with_gap(start: int, end: int, edits: Sequence[Edit], module: Module, going: Container[int]) -> tuple[int, int]:
    """The lines of a statement with the blank lines that go with it, where no other edit is about these."""
    gap = with_gap(start, end, module, going)
    return start, end if any(start <= edit.span.end and edit.span.start <= gap for edit in edits) else gap


def _takers(name: str, edits: Sequence[Edit], module: Module) -> list[str] | None:
    """The rules of the edits that replace the uses of a name; None when one of the uses stays."""
    index = module.index
    found = []
    for use in index.names.get(name, ()):
        start, end = module.extent(index.fstring_around(use) or use)
        rule = next((edit.rule for edit in edits if edit.span.start <= start and end <= edit.span.end), None)
        if rule is None:
            return None
        found.append(rule)
    return found


def _imported(index: Index, words: Collection[str], *, own_six: bool) -> set[str]:
    """Those of some words that imports from the standard library, or of six, bind, and nothing else does."""
    counted: dict[str, int] = {}
    for node in _statements(index):
        names = [name for name in map(bound_by, node.names) if name in words]
        known = names and (is_of(node, sys.stdlib_module_names) or (is_of(node, {"six"}) and not own_six))
        for name in names if known and getattr(node, "module", "") != _FUTURE else ():
            counted[name] = counted.get(name, 0) + 1
    return {name for name, count in counted.items() if index.bound[name] == count}


def _passed_on(index: Index, words: Collection[str], facts: ProjectFacts) -> set[str]:
    """Those of some words that are flags for the Python version, or copies of six, from another module."""
    known = {flag.name for _, flag in facts.flags}
    if "six" not in facts.modules:
        known.add("six")
    aliases = [alias for node in index.of(ast.ImportFrom) for alias in node.names if alias.name in known]
    return {name for name in map(bound_by, aliases) if name in words and index.bound[name] == 1}


def _stays_loaded(node: ImportStatement, orphans: Collection[str], index: Index) -> bool:
    """Whether the module that names come from is imported without them, or does nothing that anybody waits for."""
    if is_of(node, {*sys.stdlib_module_names, "six"}) or not isinstance(node, ast.ImportFrom):
        return True
    if all(alias.name == "six" for alias in node.names):
        return True
    same = [other for other in index.of(ast.ImportFrom) if (other.module, other.level) == (node.module, node.level)]
    return any(bound_by(alias) not in orphans for other in same for alias in other.names)


def _may_go(name: str, module: Module, index: Index, facts: ProjectFacts) -> bool:
    """Whether nobody can reach the name through the module: `from module import *`, `module.name`, `__all__`."""
    stem = stem_of(module.path)
    if name in facts.reached or f"{stem}.{name}" in facts.taken or index.writes_namespace or stem in facts.starred:
        return False
    return not any(node.value == name for node in index.of(ast.Constant))


def _cuts(node: ImportStatement, gone: Sequence[ast.alias], module: Module, index: Index) -> list[tuple[int, int]]:
    """The bytes to take out of an import statement; none when it has to stay as it is."""
    start, end = module.extent(node)
    lines = module.data[module.starts[node.lineno - 1] : line_end(module, node)]
    if _NOQA.search(lines) or b"#" in lines:
        return []
    if len(gone) < len(node.names):
        return list(_names_cut(node, gone, module)) if node.lineno == node.end_lineno else []
    alone = lines.strip() == module.data[start:end]
    if not alone or len(index.block_of(node)) == 1:
        return []
    return [(module.starts[node.lineno - 1], line_end(module, node))]


def _names_cut(node: ImportStatement, gone: Sequence[ast.alias], module: Module) -> Iterator[tuple[int, int]]:
    """The names that go, each with the comma in front of it; those in front of all others with the one behind them."""
    kept, opening = None, module.extent(node.names[0])[0]
    for alias in node.names:
        start, end = module.extent(alias)
        if alias not in gone:
            if kept is None and start > opening:
                yield opening, start
            kept = end
        elif kept is not None:
            yield kept, end
            kept = end


def _statements(index: Index) -> list[ImportStatement]:
    found: list[ImportStatement] = list(index.of(ast.Import))
    found += index.of(ast.ImportFrom)
    return found
