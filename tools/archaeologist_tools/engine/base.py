"""What a rule is, and the plain values it gives: findings, edits, refusals.

The values cross process borders and are stored in the ledger, so they hold nothing but text and numbers. A rule looks
at a `View`, never at the disk.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterator, Mapping

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.project.models import ProjectFacts
    from archaeologist_tools.source.module import Module

_Node = TypeVar("_Node", bound=ast.AST)

SECTIONS = ("What it does", "Why", "Example", "Safety", "Left alone", "References")


class Fixer(StrEnum):
    """Who can rewrite a finding."""

    RULE = "rule"
    AGENT = "agent"
    PERSON = "person"


class Evidence(StrEnum):
    """Why an edit is believed to keep behaviour, strongest first."""

    IDENTICAL = "identical"
    PROVED = "proved"
    TESTED = "tested"
    COVERED = "covered"
    UNVERIFIED = "unverified"


@dataclass(frozen=True)
class Span:
    """A place in a file: byte offsets, and the 1-based line and column (in bytes) where it starts."""

    start: int
    end: int
    line: int
    column: int


@dataclass(frozen=True)
class Finding:
    """One legacy construct at one place."""

    rule: str
    path: str
    span: Span
    message: str
    fixer: Fixer


@dataclass(frozen=True)
class Edit:
    """One replaced span of one file.

    Attributes:
        rule: code of the rule that made it.
        path: the file.
        span: the place in the file as it was before the rule's layer.
        before: the replaced text.
        after: the new text.
        evidence: how sure it is.
        reason: what the evidence rests on, in one sentence.
        id: a stable hash of rule, path, place and texts.
        imports: the import statements that the new text depends on.
    """

    rule: str
    path: str
    span: Span
    before: str
    after: str
    evidence: Evidence
    reason: str
    id: str
    imports: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A finding that was left alone, and why.

    Attributes:
        rule: code of the rule.
        path: the file.
        span: the place in the file as the rewrite leaves it.
        code: machine-readable reason, one of the rule's `refusals` or of `COMMON_REFUSALS`.
        message: the reason in words.
    """

    rule: str
    path: str
    span: Span
    code: str
    message: str


COMMON_REFUSALS: Mapping[str, str] = {
    "ignored": "a comment on the line asks to leave it alone",
    "target-too-old": "the target Python does not know what the rule writes",
    "check-failed": "the rewritten file failed a check, so the edit was taken back",
    "no-safe-fix": "there is no fix for this one that is safe in every case",
    "comment-on-line": "a comment belongs to what would be dropped",
    "rebound": "a builtin name that the rewrite rests on may mean something else in this module",
    "inside-f-string": "inside an f-string, where the parser's positions cannot be relied on",
}


def make_edit(
    rule: str,
    path: str,
    span: Span,
    *,
    before: str,
    after: str,
    evidence: Evidence,
    reason: str,
    imports: tuple[str, ...] = (),
) -> Edit:
    """Make an edit with its stable id."""
    text = "\0".join((rule, path, str(span.start), before, after))
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return Edit(rule, path, span, before, after, evidence, reason, digest, imports)


@dataclass(frozen=True)
class Match(Generic[_Node]):
    """What a rule found: a node, or a place given in bytes.

    Attributes:
        node: the node that the rule is about.
        message: what is wrong with it, without a final period.
        fixer: who could rewrite this one, when it is not the rule's usual fixer.
        extent: byte offsets when the place is not the node's.
    """

    node: _Node
    message: str
    fixer: Fixer | None = None
    extent: tuple[int, int] | None = None


@dataclass(frozen=True)
class Replacement:
    """New text for the bytes `start` to `end`, and why it means the same.

    `imports` are the statements that the text depends on, such as `from pathlib import Path`; the engine puts in what
    is missing. A rule that names some has asked `View.can_import` first.
    """

    start: int
    end: int
    text: str
    evidence: Evidence
    reason: str
    imports: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decline:
    """A rule does not rewrite a match; `detail` adds to the reason that the rule's `refusals` give for `code`."""

    code: str
    detail: str = ""


class Rule(ABC, Generic[_Node]):
    """One modernization. Subclasses live in a file each, named as the rule, and register themselves.

    Attributes:
        code: `AR001`; never reused.
        name: `percent-format`; the file's name with dashes.
        family: `strings`, `files`, `paths`, `syntax`, `state`, `docs` or `types`.
        title: imperative, under 60 characters; the subject of the rule's commit.
        minimum: the lowest Python that understands what the rule writes.
        fixer: who rewrites what it finds.
        adopts: ruff's code whose safe fix makes the edits, when the rule has none of its own.
        removes_comments: what it writes may lack a comment that was there.
        removes_code: what it writes may lack classes and functions that were there.
        redefines: what it writes may make classes and functions in another way, with other bases or decorators.
        keeps_values: what it writes has the value and the type of what it replaces, and binds nothing, so that no rule
            that says the same of itself sees the rest of the file in another way.
        only_comments: what it finds are comments, and what it writes lacks nothing else, so that all rules see the
            rest as before. Its `matches` is called once, with an empty module.
        evidence: of adopted edits; `identical` ones are kept only when the compiler makes the same code of the file.
        reason: what the evidence of adopted edits rests on.
        aliases: ruff's codes for the same thing; a `noqa` that names one is respected.
        nodes: the node types that `matches` is called with.
        words: words, or other texts such as `%`, of which a file holds at least one where the rule can find anything.
        sign: a pattern that such a file holds, too; one that begins with a letter is found ten times as fast.
        names: the last names of all `Name`, `Attribute` and `Call` nodes that `matches` needs to be called with; a file
            in which the rule can find anything holds one of them, whatever the type of the nodes.
        refusals: reason code to sentence, for what `fix` declines.
        firm: those of the codes that rest on values and on what names mean alone: after edits elsewhere that keep
            values the rule declines again. All that rest on no layout are for a rule that keeps values itself.
        valid: examples that the rule does not find.
        invalid: examples that it finds, each with what it writes; the same text when it leaves them alone.
    """

    code: str
    name: str
    family: str
    title: str
    minimum: tuple[int, int] = (3, 0)
    fixer: Fixer = Fixer.PERSON
    adopts: str | None = None
    removes_comments: bool = False
    removes_code: bool = False
    redefines: bool = False
    keeps_values: bool = False
    only_comments: bool = False
    evidence: Evidence = Evidence.PROVED
    reason: str = ""
    aliases: tuple[str, ...] = ()
    nodes: ClassVar[tuple[type[ast.AST], ...]] = ()
    words: frozenset[str] = frozenset()
    names: ClassVar[frozenset[str]] = frozenset()
    sign: re.Pattern[bytes] | None = None
    refusals: ClassVar[Mapping[str, str]] = {}
    firm: ClassVar[frozenset[str]] = frozenset()
    valid: tuple[str, ...] = ()
    invalid: tuple[tuple[str, str], ...] = ()

    @property
    def rewrites(self) -> bool:
        """Whether the rule makes edits, its own or ruff's."""
        return self.adopts is not None or type(self).fix is not Rule.fix

    def suspects(self, module: Module, facts: ProjectFacts) -> bool:  # noqa: ARG002 - overridden where more can be told
        """Whether a file that holds the words may hold what the rule finds, as far as its text and the project tell."""
        return True

    def names_in(self, view: View) -> Collection[str] | None:  # noqa: ARG002 - overridden where it depends on the file
        """The names that a node of a file must have for `matches` to be called with it; None when any will do."""
        return self.names or None

    @abstractmethod
    def matches(self, node: _Node, view: View) -> Iterator[Match[_Node]]:
        """Give what is legacy about a node of one of the types in `nodes`.

        Whether that is anything rests on the lines of the node, on the classes and statements around it, and on what
        names mean: a rule that found nothing there finds nothing after edits elsewhere that keep values.
        """

    def fix(self, match: Match[_Node], view: View) -> Replacement | Decline | None:  # noqa: ARG002 - overridden by rules with a fix
        """Rewrite a match, decline with a reason, or give None when this rule never rewrites."""
        return None

    def vet(self, edit: Edit, view: View) -> Decline | None:  # noqa: ARG002 - overridden by rules that adopt
        """Decline an adopted edit that ruff calls safe and this rule does not."""
        return None

    def documentation(self) -> Mapping[str, str]:
        """The sections of the rule's documentation, in the order of `SECTIONS`."""
        return split_sections(inspect.getdoc(type(self)) or "")


def split_sections(text: str) -> dict[str, str]:
    """Split a docstring at its `Section:` lines; the text is dedented."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if line.removesuffix(":") in SECTIONS and line.endswith(":"):
            current = found.setdefault(line.removesuffix(":"), [])
        else:
            current.append(line)
    return {name: inspect.cleandoc("\n" + "\n".join(lines)) for name, lines in found.items()}


AnyRule = Rule[Any]
