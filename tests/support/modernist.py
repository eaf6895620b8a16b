"""A scripted model that does its work well on the inventory fixture: it edits what it can improve, in few turns."""

from __future__ import annotations

import re
from typing import Any

from support.model_server import Reply

EDITS = {
    ("stockroom/models.py", "NotEnough.__init__"): (
        'super().__init__(f"{item.sku}: only {item.quantity} of {wanted} {item.unit} left")\n'
        "self.item = item\n"
        "self.wanted = wanted\n"
    ),
    ("stockroom/models.py", "Item.__str__"): "return f'{self.sku} {self.name}'",
    ("stockroom/models.py", "Item.__repr__"): "return f'{self.__class__.__name__}({self.sku!r}, {self.name!r})'",
    ("stockroom/models.py", "Supplier.address"): (
        "if not self.email:\n    return self.name\nreturn f'\"{self.name}\" <{self.email}>'\n"
    ),
    ("stockroom/reports.py", "StockReport.header"): "return f'{super().header()}, {len(self.store)} items'",
    ("stockroom/reports.py", "ValuationReport.footer"): "return f'Total {money(self.total())} in {super().footer()}'",
}
"""Bodies of functions, by path and name: what a modern text of them is, whatever else is asked about the module."""

EXAMPLES = {("stockroom/reports.py", "percent"): "\n\n>>> percent(1, 4)\n'25.0%'"}
"""Examples of functions, by path and name; they are so."""

QUOTE = "global _settings, _loaded_from"


def well(body: dict[str, Any]) -> Reply:
    """Return what a model says that works well, whoever of the four agents it is."""
    messages = body["messages"]
    system, brief = messages[0]["content"], messages[1]["content"]
    if system.startswith("You are the orchestrator"):
        plan = {
            "modernizer": "care for texts",
            "documenter": "say what functions give",
            "first": ["stockroom/models.py"],
        }
        return Reply.answers(plan)
    if system.startswith("You write the opening"):
        return Reply.answers({"summary": "Models edited a few texts. Look at their commits first."})
    if system.startswith("You are the archaeologist"):
        return _dig(messages)
    if system.startswith("You are the modernizer"):
        return _modernize(brief, messages)
    return _document(brief, messages)


def _dig(messages: list[dict[str, Any]]) -> Reply:
    if not _said(messages):
        return Reply.calls(("read", {"path": "stockroom/settings.py", "first_line": 80, "last_line": 120}))
    lines = re.findall(r"^(\d+)\t(.*)$", messages[-1]["content"], re.MULTILINE)
    line = next(int(number) for number, text in lines if QUOTE in text)
    finding = {
        "path": "stockroom/settings.py",
        "first_line": line,
        "last_line": line,
        "quote": QUOTE,
        "kind": "global-state",
        "message": "the settings are module state that three functions change",
        "fixer": "person",
    }
    report = {"summary": "A stock keeper; its settings are module state.", "first": ["stockroom/settings.py"]}
    return finish(report, ("record_finding", finding))


def _modernize(brief: str, messages: list[dict[str, Any]]) -> Reply:
    if _said(messages):
        return finish({"outcome": "left-alone", "title": "", "reason": "the edit was refused"})
    shown = shown_in(brief)
    calls = [
        ("rewrite_function", {**shown[place], "source": source, "imports": None, "drops_code": None})
        for place, source in EDITS.items()
        if place in shown
    ]
    if not calls:
        return finish({"outcome": "left-alone", "title": "", "reason": "what is there is right"})
    title = f"Use f-strings in {calls[0][1]['path']}"
    return finish({"outcome": "done", "title": title, "reason": "each value is formatted as before"}, *calls)


def _document(brief: str, messages: list[dict[str, Any]]) -> Reply:
    if _said(messages):
        return finish({"outcome": "left-alone", "title": "", "reason": "a docstring was refused"})
    shown = shown_in(brief)
    calls = []
    for path, names in re.findall(r"^(\S+), (.*): no docstring$", brief, re.MULTILINE):
        for name in re.findall(r"(?:class|function) ([\w.]+)", names):
            words = name.rpartition(".")[2].strip("_").replace("_", " ")
            text = {"text": f"Do what {words} says.{EXAMPLES.get((path, name), '')}", "replace_existing": None}
            calls.append(("set_docstring", {**shown[path, name], **text}))
    if not calls:
        return finish({"outcome": "left-alone", "title": "", "reason": "nothing to add"})
    return finish({"outcome": "done", "title": f"Document {calls[0][1]['path']}", "reason": "no code changes"}, *calls)


def finish(answer: dict[str, Any], *calls: tuple[str, dict[str, Any]]) -> Reply:
    """Return calls with the end of the task beside them."""
    return Reply.calls(*calls, ("finish", answer))


def shown_in(brief: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what an edit names of each class and function that the brief shows, by path and name."""
    found = {}
    fences = r"instructions: (\S+?), (?:parts of )?lines [^\n]* based_on=([0-9a-f]{12})\n(.*?)\n\w+>>>"
    for path, based_on, code in re.findall(fences, brief, re.DOTALL):
        around: list[tuple[int, str]] = []
        for indent, name in re.findall(r"^\d+\t( *)(?:class|def) (\w+)", code, re.MULTILINE):
            around = [*((depth, outer) for depth, outer in around if depth < len(indent)), (len(indent), name)]
            qualname = ".".join(outer for _, outer in around)
            found[path, qualname] = {"path": path, "qualname": qualname, "based_on": based_on, "line": None}
    return found


def _said(messages: list[dict[str, Any]]) -> int:
    return sum(message["role"] == "assistant" for message in messages)
