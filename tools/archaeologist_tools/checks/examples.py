"""Runs the examples of a text on the project's code, in the sandbox that its tests run in.

They run twice, with another hash seed and another time zone, because what differs from one run to the next is no
example. A guard keeps them from reaching out of the checkout (`collectors/archaeologist_guard.py`).
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from archaeologist_tools.checks.sandbox import run_sandboxed, scrubbed_environment
from archaeologist_tools.checks.tests import COLLECTORS, python_path
from archaeologist_tools.errors import TestsUnusable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist_tools.checks.plan import TestLimits, TestPlan
    from archaeologist_tools.checks.sandbox import SandboxRun

_RUNNER = COLLECTORS / "archaeologist_examples.py"
_CONDITIONS = ({"PYTHONHASHSEED": "0", "TZ": "UTC"}, {"PYTHONHASHSEED": "1", "TZ": "XXX-05:45"})


@dataclass(frozen=True)
class ExamplesRan:
    """What became of the examples of a text.

    Attributes:
        got: what an example gave that does not give what it says, by its number in the text, from 0.
        passed: the numbers of those that gave what they say, each time.
        problem: why they cannot be run here; nothing is known of them then.
        refused: what they did that they must not.
    """

    got: Mapping[int, str] = field(default_factory=dict)
    passed: frozenset[int] = frozenset()
    problem: str = ""
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExampleRunner:
    """Runs examples on the project's code.

    Attributes:
        plan: how the project's tests are run: its Python runs the examples.
        worktree: a private checkout.
        limits: when a run is stopped.
        scratch: a folder in which their home and their temporary files are, during a run.
    """

    plan: TestPlan
    worktree: Path
    limits: TestLimits
    scratch: Path

    def run(self, text: str, path: str = "") -> ExamplesRan:
        """Run the examples of a text, twice unless they cannot be run at all.

        Args:
            text: the docstring, or the document.
            path: the file of the module whose names they use, relative to the worktree; empty for a document.
        """
        ran = []
        for conditions in _CONDITIONS:
            ran.append(self._once(text, path, conditions))
            if ran[-1].problem or ran[-1].refused:
                return ran[-1]
        once, again = ran
        return ExamplesRan(got={**again.got, **once.got}, passed=once.passed & again.passed)

    def _once(self, text: str, path: str, conditions: Mapping[str, str]) -> ExamplesRan:
        root, module = _import_name(self.worktree, path)
        if path and not all(part.isidentifier() for part in module.split(".")):
            return ExamplesRan(problem=f"{path} cannot be imported by a name")
        shutil.rmtree(self.scratch, ignore_errors=True)
        env = {**self._environment(), **conditions}
        report, order = self.scratch / "report.json", self.scratch / "order.json"
        folders = (str(self.worktree), str(self.scratch))
        told = {"module": module, "file": str(self.worktree / path), "root": str(root), "text": text}
        order.write_text(json.dumps({**told, "folders": folders, "report": str(report)}), encoding="utf-8")
        command = (self.plan.python, str(_RUNNER), str(order))
        directory = self.worktree / self.plan.directory
        try:
            done = run_sandboxed(command, directory=directory, environment=env, limits=self.limits)
        except TestsUnusable as error:
            return ExamplesRan(problem=str(error))
        if done.timed_out:
            return ExamplesRan(problem=f"they did not end within {self.limits.seconds:.0f} s")
        places = dict(zip(folders, (".", "~"), strict=True))
        return _read(report, places) or ExamplesRan(problem=_told(_ending(done), places))

    def _environment(self) -> dict[str, str]:
        paths = python_path(self.plan, self.worktree)
        return scrubbed_environment(self.scratch, first_on_path=str(Path(self.plan.python).parent), python_path=paths)


def _import_name(worktree: Path, path: str) -> tuple[Path, str]:
    """Return the folder that a module is imported from, and its name there: as pytest does it."""
    if not path:
        return worktree, ""
    pure = PurePosixPath(path)
    folder = pure.parent
    while folder.name and (worktree / folder / "__init__.py").is_file():
        folder = folder.parent
    name = pure.with_suffix("").relative_to(folder)
    parts = name.parent.parts if name.name == "__init__" else name.parts
    return worktree / folder, ".".join(parts)


def _read(report: Path, places: Mapping[str, str]) -> ExamplesRan | None:
    """Read what the runner wrote, which the project's code may have written instead."""
    try:
        said: Any = json.loads(report.read_bytes())
        outcomes = [
            (int(each["index"]), each["passed"] is True, _told(each["got"], places)) for each in said["outcomes"]
        ]
        problem, refused = _told(said["problem"], places), tuple(_told(each, places) for each in said["refused"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    got = {index: words for index, passed, words in outcomes if not passed}
    return ExamplesRan(got, frozenset(index for index, passed, _ in outcomes if passed), problem, refused)


def _ending(done: SandboxRun) -> str:
    last = done.log.strip().rpartition("\n")[2]
    return f"the interpreter ended with exit code {done.exit_code}{last and f': {last}'}"


def _told(words: object, places: Mapping[str, str]) -> str:
    """Return words without the paths of this machine."""
    text = str(words)
    for place, short in places.items():
        text = text.replace(place, short)
    return text
