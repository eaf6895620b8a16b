"""The ledger as JSON lines: every edit of a run with its evidence and its commit, and everything left alone with why.

It is written as a git note, so that a branch carries its own evidence when the server has long forgotten the run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from archaeologist.domain.names import Role
from archaeologist.reporting.suspects import suspect_findings
from archaeologist_tools.engine.base import Edit, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.documents import LayerOfRule
    from archaeologist.reporting.markdown import Evidence

_EDIT, _REFUSAL = TypeAdapter(Edit), TypeAdapter(Refusal)


@dataclass(frozen=True)
class Ledger:
    """What a ledger tells of edits.

    Attributes:
        edits: by the id of their commit.
        refusals: what rules left alone, each with the agent that applied them.
    """

    edits: dict[str, tuple[Edit, ...]] = field(default_factory=dict)
    refusals: tuple[tuple[Role, Refusal], ...] = ()


def ledger_lines(evidence: Evidence) -> str:
    """Return one JSON object a line: `kind` is `edit`, `left-alone` or `finding`.

    A finding is an agent's with a model, or a place that speaks to models.
    """
    # `asdict` would copy every value first, which is most of the time that a ledger of thousands of lines takes.
    encoder = json.JSONEncoder(separators=(",", ":"), default=vars)
    return "".join(encoder.encode(record) + "\n" for record in _records(evidence))


def read_ledger(text: bytes) -> Ledger:
    """Read what `ledger_lines` wrote; a note may come from anybody, and is only believed where it has that form.

    Raises:
        ValueError: it has not.
    """
    edits: dict[str, list[Edit]] = {}
    refusals: list[tuple[Role, Refusal]] = []
    for line in text.splitlines():
        record = json.loads(line)
        match record:
            case {"kind": "edit", "commit": str(commit)}:
                edits.setdefault(commit, []).append(_EDIT.validate_python(record))
            case {"kind": "left-alone"}:
                agent = Role(record.get("agent", Role.MODERNIZER))
                refusals.append((agent, _REFUSAL.validate_python(record)))
            case _:
                pass
    return Ledger({commit: tuple(found) for commit, found in edits.items()}, tuple(refusals))


def _author(layer: LayerOfRule) -> dict[str, str]:
    """Return which model made an edit, and with which prompt; nothing for a rule's."""
    names = {"Archaeologist-Model": "model", "Archaeologist-Prompt": "prompt"}
    return {name: layer.trailers[trailer] for trailer, name in names.items() if trailer in layer.trailers}


def _records(evidence: Evidence) -> Iterator[dict[str, Any]]:
    commits = {line.trailers.get("Archaeologist-Step", ""): line.commit for line in evidence.commits}
    for layer in evidence.layers:
        for change in layer.changes:
            for edit in change.edits:
                yield {"kind": "edit", "commit": commits.get(layer.step, ""), **_author(layer), **vars(edit)}
    for finding in evidence.findings:
        yield {"kind": "finding", **vars(finding)}
    for finding in suspect_findings(evidence.survey.suspects):
        yield {"kind": "finding", **vars(finding)}
    for agent, refusals in evidence.left_alone.items():
        for refusal in refusals:
            yield {"kind": "left-alone", "agent": agent, **vars(refusal)}
