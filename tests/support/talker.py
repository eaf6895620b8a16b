"""A scripted model that talks while it works, and does not get all of it right: what a demo plays."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from support.model_server import Reply
from support.modernist import EDITS, QUOTE, finish, shown_in

Messages = list[dict[str, Any]]
Shown = dict[tuple[str, str], dict[str, Any]]

DOCSTRINGS = {
    ("stockroom/models.py", "StockError"): "Something that the stock does not allow.",
    ("stockroom/models.py", "UnknownItem"): "No item of the stock has this number.",
    ("stockroom/models.py", "NotEnough"): "More of an item is wanted than is left.",
    ("stockroom/models.py", "Movement"): "Goods that came in, went out or were counted: one line of the journal.",
    ("stockroom/models.py", "PerishableItem"): "An item that is good until a date.",
    ("stockroom/reports.py", "money"): "Return an amount of cents as text, in the currency of the settings.",
    ("stockroom/reports.py", "percent"): (
        "Return a share as text with one digit, or a dash when there is no whole.\n\n>>> percent(1, 4)\n'25.0%'"
    ),
    ("stockroom/reports.py", "Report"): "A table of the stock, to be written as text, HTML or CSV.",
}
FINDING = {
    "path": "stockroom/settings.py",
    "quote": QUOTE,
    "kind": "global-state",
    "message": "the settings are module state that three functions change, so tests depend on their order",
    "fixer": "person",
}
REPORT = {
    "summary": (
        "A stock keeper of 2012 that was never moved off Python 2. Its models are clean; its settings and the open "
        "store are module state, and the store trusts a pickle cache beside the data."
    ),
    "first": ["stockroom/models.py", "stockroom/storage.py"],
}
PLAN = {
    "modernizer": "make texts readable, and keep every journal line byte for byte",
    "documenter": "say what a movement is and what each report shows",
    "first": ["stockroom/models.py"],
}
OPENING = (
    "The stock keeper is written for Python 3.8 now: rules rewrote what they could prove, a model finished the texts "
    "that were left in models and reports. Look at the three texts of models.py first."
)
SECONDS = 1.4
"""What an answer takes at least; longer texts take longer."""
CHARACTERS_A_SECOND = 350


class Talker:
    """Answers for all four agents. The server it speaks through is away once."""

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()

    def __call__(self, body: dict[str, Any]) -> Reply:
        """Return the next thing to say, at the pace of a model."""
        reply = self._reply(body["messages"])
        said = reply.text + "".join(call.arguments for call in reply.tools)
        pieces = 4 + 5 * len(reply.tools) + 3
        return Reply.slow(reply, (SECONDS + len(said) / CHARACTERS_A_SECOND) / pieces)

    def _reply(self, messages: Messages) -> Reply:
        system, brief = messages[0]["content"], messages[1]["content"]
        turn = sum(message["role"] == "assistant" for message in messages)
        if system.startswith("You are the orchestrator"):
            return Reply.answers(PLAN)
        if system.startswith("You write the opening"):
            return Reply.answers({"summary": OPENING})
        if system.startswith("You are the archaeologist"):
            return _dig(messages, turn)
        if system.startswith("You are the modernizer"):
            return self._modernize(shown_in(brief), turn)
        return _document(shown_in(brief), brief, turn)

    def _modernize(self, shown: Shown, turn: int) -> Reply:
        paths = [path for path in ("stockroom/models.py", "stockroom/reports.py") if any(path == at for at, _ in shown)]
        edits = {place: source for place, source in EDITS.items() if place in shown and place[0] in paths}
        if not edits:
            return _says(
                "I looked for texts that an f-string would make easier to read. What is left here writes bytes of the "
                "journal and messages of the lock file; an f-string is no shorter there, and other programs read them.",
                finish(
                    {"outcome": "left-alone", "title": "", "reason": "other programs read these texts byte for byte"}
                ),
            )
        path = next(iter(edits))[0]
        if path == "stockroom/reports.py" and not self._asked[path]:
            self._asked[path] += 1
            return Reply.status(503, "the model is loading, try again", retry_after=3)
        return _rewrite(path, edits, shown, turn)


def _rewrite(path: str, edits: dict[tuple[str, str], str], shown: Shown, turn: int) -> Reply:
    calls = [
        ("rewrite_function", {**shown[place], "source": source, "imports": None, "drops_code": None})
        for place, source in edits.items()
    ]
    if turn == 0:
        stale = (calls[0][0], {**calls[0][1], "based_on": "0" * 12})
        return Reply.calls(
            stale,
            *calls[1:],
            text=f"{path} still joins its texts with `%`. The values are texts and whole numbers here, so an f-string "
            f"says the same. I rewrite {len(calls)} functions and leave the journal's format as it is.",
        )
    if turn == 1:
        return Reply.calls(calls[0], text="The first edit named an old version of the file. I make it again.")
    if turn == 2:
        return Reply.calls(("run_gates", {}), text="Before I say that it is done, all edits together:")
    title = f"Use f-strings in {path}"
    return _says(
        "The gates have nothing to say.",
        finish({"outcome": "done", "title": title, "reason": "each value is formatted as `%s` and `%d` did it"}),
    )


def _dig(messages: Messages, turn: int) -> Reply:
    if turn == 0:
        text = "The survey counts most legacy code in `settings.py` and `storage.py`. I read who changes the settings."
        return Reply.calls(("read", {"path": FINDING["path"], "first_line": 80, "last_line": 120}), text=text)
    lines = re.findall(r"^(\d+)\t(.*)$", "\n".join(str(each["content"]) for each in messages), re.MULTILINE)
    line = next(int(number) for number, text in lines if QUOTE in text)
    if turn == 1:
        wrong = {**FINDING, "first_line": line + 4, "last_line": line + 4}
        text = "`load` and `reset` both declare the settings `global`. That belongs into the report."
        return Reply.calls(("record_finding", wrong), text=text)
    right = {**FINDING, "first_line": line, "last_line": line}
    return _says("The quote stands four lines further up.", finish(REPORT, ("record_finding", right)))


def _document(shown: Shown, brief: str, turn: int) -> Reply:
    listed = re.findall(r"^(\S+), (.*): no docstring$", brief, re.MULTILINE)
    without = {(path, name) for path, names in listed for name in re.findall(r"(?:class|function) ([\w.]+)", names)}
    places = [place for place in DOCSTRINGS if place in without and place in shown]
    if not places:
        return _says(
            "The names here say what the functions do; a docstring would only repeat them.",
            finish({"outcome": "left-alone", "title": "", "reason": "the names say it already"}),
        )
    path = places[0][0]
    if turn == 0 and path == "stockroom/reports.py":
        return Reply.raw_calls(("set_docstring", '{"path": "stockroom/reports.py", "qualname": '))
    calls = [
        ("set_docstring", {**shown[place], "text": DOCSTRINGS[place], "replace_existing": None}) for place in places
    ]
    text = f"A newcomer to {path} needs to know what its {len(calls)} main names stand for."
    return _says(
        text,
        finish({"outcome": "done", "title": f"Document {path}", "reason": "docstrings only, no code changes"}, *calls),
    )


def _says(text: str, reply: Reply) -> Reply:
    return Reply(text=text, tools=reply.tools, finish=reply.finish)
