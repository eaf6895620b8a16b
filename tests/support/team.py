"""A project with work items that can be worked on side by side, and a model that is asked about several at once."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archaeologist.agents.steps.packing import NOTES
from support.embedded import wait_until
from support.modernist import finish, shown_in
from support.projects import project
from support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path

    from support.model_server import Reply

MODULES = "abcde"
"""Each is a work item. The first one is the pilot; the last one imports the one before, so it has to wait for that."""
TOGETHER = "bcd"
PATIENCE = 60.0
SHARED = "def left():\n    return 1\n\n\ndef right():\n    return 2\n"


def make_project(folder: Path) -> Path:
    """Make the project at a folder."""
    functions = "\n\n".join(f"def say{number}(x):\n    return '%s!' % x\n" for number in range(NOTES))
    files = {f"{name}.py": f"import d\n\n\n{functions}" if name == "e" else functions for name in MODULES}
    return project(folder, {**files, "shared.py": SHARED})


def module_of(body: dict[str, Any]) -> str:
    """Return which item a question is about."""
    return str(re.findall(r"^(\w)\.py, line", body["messages"][1]["content"], re.MULTILINE)[0])


def edit(path: str, name: str, source: str, based_on: str) -> tuple[str, dict[str, Any]]:
    """Return a call that gives a function another body."""
    optional = {"imports": None, "line": None, "drops_code": None}
    return "rewrite_function", {"path": path, "qualname": name, "source": source, "based_on": based_on, **optional}


def done(name: str) -> dict[str, str]:
    """Return the end of the work on an item."""
    return {"outcome": "done", "title": f"Edit {name}", "reason": "it is the same"}


@dataclass
class Team:
    """A model that is asked about several items at once, and answers the last one first.

    Besides their own modules, `b` and `c` both edit the shared one.

    Attributes:
        state: the state directory, where answers show when they are there.
        root: the project.
        seen: what was on the branch when an item was asked about first.
        may_end: until it is set, the last answer is held back.
    """

    state: Path
    root: Path
    seen: dict[str, str] = field(default_factory=dict)
    may_end: threading.Event = field(default_factory=threading.Event)

    def __call__(self, body: dict[str, Any]) -> Reply:
        """Answer once those have been answered that are to be answered before."""
        name = module_of(body)
        self.seen.setdefault(name, git(self.root, "log", "--format=%s", "modern"))
        if name in TOGETHER:
            wait_until(lambda: set(TOGETHER) <= set(self.seen), "all are asked", PATIENCE)
        if name in "bc":
            wait_until(lambda: self.answered(chr(ord(name) + 1)), "the next one is answered", PATIENCE)
        if name == "b":
            assert self.may_end.wait(PATIENCE)
        return self.reply(name, body)

    def answered(self, name: str) -> bool:
        """Whether the answer about an item has reached the journal."""
        answers = self.state / "answers" / run_of(self.root)
        return any(answers.glob(f"item-{MODULES.index(name) + 1}-1-*.json"))

    def reply(self, name: str, body: dict[str, Any]) -> Reply:
        """Edit one function of the item's module, and what the item needs of the shared one."""
        messages = body["messages"]
        if "withdrawn" in messages[-1]["content"]:
            return finish(done(name), self._shared(name))
        own = shown_in(messages[1]["content"])[f"{name}.py", "say0"]["based_on"]
        calls = [edit(f"{name}.py", "say0", "return f'{x}!'", own)]
        return finish(done(name), *calls, *([self._shared(name)] if name in "bc" else []))

    def _shared(self, name: str) -> tuple[str, dict[str, Any]]:
        function, source = {"b": ("left", "return 3 - 2"), "c": ("right", "return 3 - 1")}[name]
        return edit("shared.py", function, source, git(self.root, "rev-parse", "main:shared.py")[:12])


def run_of(root: Path) -> str:
    """Return the id of the run that made the project's branch."""
    return git(root, "log", "-1", "--format=%(trailers:key=Archaeologist-Run,valueonly,separator=)", "modern")
