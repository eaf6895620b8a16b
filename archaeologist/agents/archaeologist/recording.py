"""How the archaeologist records what it found: with evidence that the program checks."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from archaeologist.agents.steps.editing import desk_of
from archaeologist.agents.tooling.context import ToolContext, ToolResult
from archaeologist.agents.tooling.tools import tool
from archaeologist.errors import EditRefused
from archaeologist.wording import counted
from archaeologist_tools.engine.base import Finding, Fixer
from archaeologist_tools.reading.quoting import quoted_span

MOST_FINDINGS = 60
MESSAGE_CHARACTERS = 300
_SHORTEST_MESSAGE = 15


class Kind(StrEnum):
    """What the archaeologist looks for; the rule of its findings."""

    DEAD_CODE = "dead-code"
    DUPLICATED_LOGIC = "duplicated-logic"
    GLOBAL_STATE = "global-state"
    HIDDEN_COUPLING = "hidden-coupling"
    RISKY_ERROR_HANDLING = "risky-error-handling"
    WRONG_COMMENT = "wrong-comment"
    DO_FIRST = "do-first"
    SECURITY = "security"
    OTHER = "other"


@tool(idempotent=True)
def record_finding(
    path: str,
    first_line: int,
    last_line: int,
    quote: str,
    kind: Kind,
    message: str,
    fixer: Literal["agent", "person"],
    *,
    context: ToolContext,
) -> ToolResult:
    """Record a finding. It is refused when the quote does not stand there.

    Args:
        quote: one of the lines, copied
        message: what is wrong and why that matters, in one sentence
    """
    desk = desk_of(context)
    span = quoted_span(desk.snapshot, path, first_line, last_line, quote)
    finding = Finding(kind.value, path, span, _in_one_line(message), Fixer(fixer))
    others = tuple(each for each in desk.workspace.findings if not _is_same(each, finding))
    if len(others) >= MOST_FINDINGS:
        raise EditRefused(f"there are {MOST_FINDINGS} findings; that is all that anybody reads, so answer now")
    workspace = desk.workspace.model_copy(update={"findings": (*others, finding)})
    return desk.changed(workspace, f"recorded; {counted(len(workspace.findings), 'finding')} by now")


def _in_one_line(message: str) -> str:
    text = " ".join(message.split())
    if len(text) < _SHORTEST_MESSAGE:
        raise EditRefused("the message says too little; say what is wrong and why that matters")
    if len(text) > MESSAGE_CHARACTERS:
        raise EditRefused(f"the message has {len(text)} characters; say it in one sentence, under {MESSAGE_CHARACTERS}")
    return text


def _is_same(one: Finding, other: Finding) -> bool:
    """Whether a finding takes another one's place: what was said twice of one place is one finding."""
    return (one.rule, one.path, one.span) == (other.rule, other.path, other.span)
