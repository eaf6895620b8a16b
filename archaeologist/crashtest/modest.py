"""A modest model for the crash test: it plans, looks, edits one function, documents two classes, and concludes.

What it says depends on what it is sent alone, so that an uninterrupted run and a killed one are told the same.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_FENCE = re.compile(r"instructions: (\S+?), (?:parts of )?lines [^\n]* based_on=([0-9a-f]{12})\n")
"""The head of code in a brief: its path, and what an edit of it has to name."""

_RATES = "ledger/rates.py"
_EDITS = {
    "ledger/entry.py": ("Entry.line", "return f'{self.account}: {self.amount}'"),
    "ledger/report.py": ("summary", "return f'{book.title()}: {book.total()}'"),
}
_DOCSTRINGS = {
    "ledger/entry.py": ("Entry", "An amount on an account."),
    "ledger/rates.py": ("UnknownRate", "No rate is known for a currency."),
}


@dataclass(frozen=True)
class Said:
    """What the model says: a text, or tool calls.

    Attributes:
        text: without calls.
        calls: name and arguments of each.
    """

    text: str = ""
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()


def answer(body: dict[str, Any]) -> Said:
    """Answer as the agent that is asked.

    Args:
        body: of a request for a chat completion.
    """
    system, brief, *since = [str(message["content"]) for message in body["messages"]]
    if system.startswith("You are the orchestrator"):
        plan = {"modernizer": "care for texts", "documenter": "say what classes are", "first": ["ledger/entry.py"]}
        return Said(json.dumps(plan))
    if system.startswith("You write the opening"):
        return Said(json.dumps({"summary": "A model edited what rules had left alone."}))
    if system.startswith("You are the archaeologist"):
        return _dig(since)
    shown = dict(_FENCE.findall(brief))
    rewriting = system.startswith("You are the modernizer")
    calls = tuple((_rewritten if rewriting else _documented)(shown)) if not since else ()
    if calls:
        return Said(calls=calls)
    outcome = "done" if since else "left-alone"
    return _finished({"outcome": outcome, "title": "Care for texts" if since else "", "reason": "it reads better"})


def _dig(since: list[str]) -> Said:
    if not since:
        return Said(calls=(("read", {"path": _RATES, "first_line": 1, "last_line": 40}),))
    if len(since) > 2:  # noqa: PLR2004 - a question and its observation for each turn
        return _finished({"summary": "A ledger.", "first": [_RATES]})
    quote = "if name not in RATES:"
    line = next(
        (int(number) for number, text in re.findall(r"^(\d+)\t(.*)$", since[-1], re.MULTILINE) if quote in text)
    )
    finding = {
        "path": _RATES,
        "first_line": line,
        "last_line": line,
        "quote": quote,
        "kind": "global-state",
        "message": "the rates are module state",
        "fixer": "person",
    }
    return Said(calls=(("record_finding", finding),))


def _rewritten(shown: dict[str, str]) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("rewrite_function", _edit(path, shown[path], name) | {"source": source, "imports": None, "drops_code": None})
        for path, (name, source) in _EDITS.items()
        if path in shown
    ]


def _documented(shown: dict[str, str]) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("set_docstring", _edit(path, shown[path], name) | {"text": text, "replace_existing": None})
        for path, (name, text) in _DOCSTRINGS.items()
        if path in shown
    ]


def _edit(path: str, based_on: str, name: str) -> dict[str, Any]:
    return {"path": path, "qualname": name, "based_on": based_on, "line": None}


def _finished(report: dict[str, Any]) -> Said:
    return Said(calls=(("finish", report),))
