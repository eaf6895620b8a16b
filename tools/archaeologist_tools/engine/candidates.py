"""What one rule would do to one file: edits to try, refusals with their reasons."""

from __future__ import annotations

import ast
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from archaeologist_tools.engine.base import COMMON_REFUSALS, Decline, Edit, Refusal, Replacement, make_edit
from archaeologist_tools.engine.ignore import is_ignored
from archaeologist_tools.source.blank_lines import with_gap
from archaeologist_tools.source.index import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archaeologist_tools.engine.base import AnyRule, Match, Span
    from archaeologist_tools.engine.ruff import Diagnostic
    from archaeologist_tools.engine.view import View

# What holds comments is no tree.
_NO_CODE = ast.Module([], [])
_NO_REFUSALS: Mapping[tuple[str, int, int], Refusal] = MappingProxyType({})


@dataclass
class Candidates:
    """Edits that may be tried, and what is left alone."""

    edits: list[Edit] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def matches_of(rule: AnyRule, view: View) -> Iterator[Match[Any]]:
    """What a rule finds in a file by itself."""
    if rule.only_comments:
        yield from rule.matches(_NO_CODE, view)
        return
    names = view.names_for(rule)
    # The index of a file is not made for a rule that looks for no name in it.
    kinds = rule.nodes if names is None or names else [kind for kind in rule.nodes if kind not in NAMED]
    for kind in kinds:
        for node in view.index.of(kind) if names is None else view.index.named(kind, names):
            yield from rule.matches(node, view)


def place_of(match: Match[Any], view: View) -> Span:
    """Where a match is."""
    return view.span(*(match.extent or view.extent(match.node)))


def refuse(rule: AnyRule, path: str, span: Span, decline: Decline) -> Refusal:
    """Write a refusal with the rule's words for the reason."""
    words = {**COMMON_REFUSALS, **rule.refusals}[decline.code]
    return Refusal(rule.code, path, span, decline.code, f"{words}: {decline.detail}" if decline.detail else words)


def own_candidates(
    rule: AnyRule, view: View, lasting: Mapping[tuple[str, int, int], Refusal] = _NO_REFUSALS
) -> Candidates:
    """What a rule with a fix of its own would do.

    Args:
        rule: the rule.
        view: the file.
        lasting: refusals of the round before that still hold, by rule and place.
    """
    found = Candidates()
    path = view.module.path
    for match in matches_of(rule, view):
        span = place_of(match, view)
        if known := lasting.get((rule.code, span.start, span.end)):
            found.refusals.append(replace(known, span=span))
        elif decline := _common_reason(rule, span, view):
            found.refusals.append(refuse(rule, path, span, decline))
        else:
            result = rule.fix(match, view)
            if isinstance(result, Decline):
                found.refusals.append(refuse(rule, path, span, result))
            elif result is not None:
                found.edits.append(_edit(rule, view, result))
    return found


def adopted_candidates(rule: AnyRule, view: View, diagnostics: Sequence[Diagnostic]) -> Candidates:
    """What a rule would do with ruff's fixes.

    Args:
        rule: a rule that adopts a code of ruff.
        view: the file.
        diagnostics: what ruff said of that code.
    """
    found = Candidates()
    explained: list[tuple[int, int]] = []
    going = _going(diagnostics, view)
    for diagnostic in diagnostics:
        explained.append((diagnostic.start, diagnostic.end))
        span = view.span(diagnostic.start, diagnostic.end)
        edit = None
        if diagnostic.fix:
            start, end, text = diagnostic.fix
            end = end if text else with_gap(start, end, view.module, going)
            edit = _edit(rule, view, Replacement(start, end, text, rule.evidence, rule.reason, diagnostic.imports))
        declined = Decline("no-safe-fix") if edit is None else rule.vet(edit, view)
        if decline := _common_reason(rule, span, view) or declined:
            found.refusals.append(refuse(rule, view.module.path, span, decline))
        elif edit is not None:
            found.edits.append(edit)
    found.refusals += _unexplained(rule, view, explained)
    return found


def _going(diagnostics: Sequence[Diagnostic], view: View) -> frozenset[int]:
    """The numbers of the lines that ruff takes out as a whole."""
    places = (diagnostic.fix[:2] for diagnostic in diagnostics if diagnostic.fix and not diagnostic.fix[2])
    return frozenset(line for place in places for line in range(*(view.module.position(offset)[0] for offset in place)))


def _common_reason(rule: AnyRule, span: Span, view: View) -> Decline | None:
    if rule.minimum > view.target:
        return Decline("target-too-old", "it needs Python {}.{}".format(*rule.minimum))
    return Decline("ignored") if is_ignored(rule, span, view) else None


def _edit(rule: AnyRule, view: View, new: Replacement) -> Edit:
    module, span = view.module, view.span(new.start, new.end)
    before = module.data[new.start : new.end].decode(module.encoding)
    return make_edit(
        rule.code,
        module.path,
        span,
        before=before,
        after=new.text,
        evidence=new.evidence,
        reason=new.reason,
        imports=new.imports,
    )


def _unexplained(rule: AnyRule, view: View, explained: Sequence[tuple[int, int]]) -> Iterator[Refusal]:
    """Matches of our own finding that ruff says nothing about."""
    places = sorted(explained)
    starts, reach = [start for start, _ in places], [*accumulate((end for _, end in places), max)]
    for match in matches_of(rule, view):
        span = place_of(match, view)
        before = bisect_right(starts, span.end)
        if not before or reach[before - 1] < span.start:
            yield refuse(rule, view.module.path, span, _common_reason(rule, span, view) or Decline("no-safe-fix"))
