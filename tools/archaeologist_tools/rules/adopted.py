"""Ruff's safe fixes under codes of our own, from the reviewed list `adopted.toml`.

A rule here finds nothing by itself: `sweep` asks ruff once for all files, and hands each diagnostic to the rule that
adopts its code.
"""

from __future__ import annotations

import ast
import re
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Rule
from archaeologist_tools.engine.registration import add
from archaeologist_tools.source.index import bound_by
from archaeologist_tools.source.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archaeologist_tools.engine.base import Edit, Match
    from archaeologist_tools.engine.view import View

_NO_BUILTINS: list[str] = []


class AdoptedRule(Rule[ast.AST]):
    """A rule whose finding and fix are ruff's.

    Args:
        entry: one table of `adopted.toml`.
    """

    fixer = Fixer.RULE
    refusals: ClassVar = {"name-taken": "the module uses the new name for something else"}

    def __init__(self, entry: Mapping[str, Any]) -> None:
        self.code = entry["code"]
        self.name = entry["name"]
        self.family = entry["family"]
        self.title = entry["title"]
        self.minimum = parse_target(entry.get("minimum", "3.0"))
        self.adopts = entry["ruff"]
        self.aliases = (entry["ruff"],)
        self.evidence = Evidence(entry["evidence"])
        self.keeps_values = self.evidence is Evidence.IDENTICAL or entry.get("keeps_values", False)
        self.reason = entry["reason"]
        self.words = frozenset(entry["words"])
        self.sign = re.compile(entry["sign"].encode()) if "sign" in entry else None
        self.builtins: list[str] = entry.get("builtins", _NO_BUILTINS)
        self.invalid = ((entry["before"].lstrip("\n"), entry["after"].lstrip("\n")),)
        self.valid = (self.invalid[0][1],)
        self._alone: bool = entry.get("alone", False)
        self._patched = frozenset(entry.get("patched", ()))
        self._unless: tuple[str, ...] = tuple(entry.get("unless", ()))
        self._behind = re.compile(entry.get("behind", "").encode())
        self._only = re.compile(entry.get("only", r"(?s:.*)"))
        self._not_all: bool = entry.get("not_all", False)
        self._not_spread: bool = entry.get("not_spread", False)
        self._why = entry["why"]

    def matches(self, node: ast.AST, view: View) -> Iterator[Match[ast.AST]]:  # noqa: ARG002
        """Give nothing: ruff finds."""
        return iter(())

    def vet(self, edit: Edit, view: View) -> Decline | None:
        """Decline where a builtin that the fix rests on may mean something else, or a comment would lose its line."""
        if not all(map(view.is_builtin, self.builtins)):
            return Decline("rebound")
        if not all(map(view.can_import, edit.imports)) or _is_taken(edit, view):
            return Decline("name-taken")
        if not self._patched.isdisjoint(view.facts.patched):
            return Decline("no-safe-fix", "a test puts something in its place")
        if self._alone and b"#" in view.lines(edit.span):
            return Decline("comment-on-line")
        return None if self._fits(edit, view) else Decline("no-safe-fix")

    def _fits(self, edit: Edit, view: View) -> bool:
        if any(text in edit.before for text in self._unless) or not self._only.fullmatch(edit.before):
            return False
        if (self._not_all and _is_all(edit, view)) or (self._not_spread and _is_spread(edit, view)):
            return False
        return self._behind.match(view.module.data, edit.span.end) is not None

    def documentation(self) -> Mapping[str, str]:
        """The sections, put together from the entry."""
        before, after = self.invalid[0]
        bound = f" Modules that may bind {', '.join(self.builtins)} to something else." if self.builtins else ""
        return {
            "What it does": f"Applies ruff's safe fix for {self.adopts}.",
            "Why": self._why,
            "Example": f"{before}\nUse instead:\n\n{after}",
            "Safety": f"{self.evidence}: {self.reason}.",
            "Left alone": f"What ruff has no safe fix for.{bound}",
            "References": f"ruff {self.adopts}",
        }


def _is_taken(edit: Edit, view: View) -> bool:
    """Whether a lone new name is bound by the module, otherwise than by imports at its top level."""
    name = edit.after
    if name not in view.index.bound or name in re.findall(r"\w+", edit.before):
        return False
    imports = (node for node in view.index.tree.body if isinstance(node, (ast.Import, ast.ImportFrom)))
    return view.index.bound[name] != sum(bound_by(alias) == name for node in imports for alias in node.names)


def _is_all(edit: Edit, view: View) -> bool:
    """Whether an edit is in the only statement of a function, its docstring aside."""
    for function in view.index.of(ast.FunctionDef):
        body = function.body[1:] if ast.get_docstring(function) is not None else function.body
        if len(body) == 1 and view.module.extent(body[0])[0] == edit.span.start:
            return True
    return False


def _is_spread(edit: Edit, view: View) -> bool:
    """Whether an edit is in a call that gets more keywords from a mapping."""
    spread = (call for call in view.index.of(ast.Call) if any(keyword.arg is None for keyword in call.keywords))
    return any(start <= edit.span.start < end for start, end in map(view.module.extent, spread))


def _add_all() -> None:
    text = resources.files(__package__).joinpath("adopted.toml").read_text(encoding="utf-8")
    for entry in tomllib.loads(text)["rule"]:
        add(AdoptedRule(entry))


_add_all()
