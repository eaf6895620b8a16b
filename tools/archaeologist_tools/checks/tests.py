"""Runs the tests of the project under work and tells what became of each.

A run that ran nothing is never taken for a good one: `run_tests` gives back what it saw, `require_baseline` refuses to
measure against it, and `compare` calls tests that are not there any more worse.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archaeologist_tools.checks.detection import detect_tests, unittest_arguments
from archaeologist_tools.checks.plan import TestLimits, TestPlan, TestRun, require_baseline
from archaeologist_tools.checks.sandbox import run_sandboxed, scrubbed_environment
from archaeologist_tools.errors import TestsUnusable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["TestLimits", "TestPlan", "TestRun", "detect_tests", "require_baseline", "run_tests"]

COLLECTORS = Path(__file__).with_name("collectors")
"""Programs that run inside the project's own interpreter."""
# Each test's outcome is wanted, so neither a broken test file nor a setting of the project ends the run early.
_PYTEST_OPTIONS = "-p archaeologist_pytest --continue-on-collection-errors --maxfail=0"
_RANKS = {"skipped": 0, "xfailed": 1, "passed": 2, "failed": 3, "error": 4}
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")
_COUNTED = (re.compile(r"^Ran (\d+) tests? in ", re.MULTILINE), re.compile(r"\b(\d+) passed\b"))


def run_tests(plan: TestPlan, worktree: Path, *, limits: TestLimits | None = None, scratch: Path) -> TestRun:
    """Runs the tests in a checkout, without keys, within limits, and leaves no process behind.

    Args:
        plan: how they are run.
        worktree: a private checkout; tests may write into it.
        limits: when they are stopped.
        scratch: a folder in which their home and their temporary files are, during the run.

    Raises:
        TestsUnusable: the command cannot be started, or the tests import the code of the user's checkout instead of
            the one they are to test.
    """
    own = scratch / "tests"
    shutil.rmtree(own, ignore_errors=True)
    report = own / "outcomes.jsonl"
    start = worktree / plan.directory
    env = scrubbed_environment(
        own, first_on_path=str(Path(plan.python).parent), python_path=python_path(plan, worktree)
    )
    if plan.runner != "command":
        env |= {"ARCHAEOLOGIST_OUTCOMES": str(report), "ARCHAEOLOGIST_CHECKOUT": plan.checkout}
    if plan.runner == "pytest":
        env["PYTEST_ADDOPTS"] = _PYTEST_OPTIONS
        # What failed last time must not decide what runs this time.
        shutil.rmtree(start / ".pytest_cache", ignore_errors=True)
    done = run_sandboxed(_command(plan), directory=start, environment=env, limits=limits or TestLimits())
    records = _records(report)
    shutil.rmtree(own, ignore_errors=True)
    _refuse_foreign(plan, records)
    if plan.runner == "command":
        outcomes = {"command": "passed" if done.exit_code == 0 else "failed"}
    else:
        outcomes = _outcomes(records, {str(start.resolve()): ".", str(start): ".", str(own): "~"})
    counted = _count(done.log) if plan.runner == "command" else None
    return TestRun(outcomes, done.exit_code, done.seconds, done.timed_out, done.log, counted)


def _command(plan: TestPlan) -> list[str]:
    """Gives what is started; unittest has no plugins, so our runner stands in for it."""
    words = list(plan.command)
    place = unittest_arguments(words) if plan.runner == "unittest" else None
    return (
        words if place is None else [*words[:place], str(COLLECTORS / "archaeologist_unittest.py"), *words[place + 2 :]]
    )


def python_path(plan: TestPlan, worktree: Path) -> list[str]:
    """Gives the folders to import a project from; they come before what is installed, be it the user's checkout."""
    start = worktree / plan.directory
    sources = [folder for name in ("src", "lib") if _holds_packages(folder := start / name)]
    ours = [] if plan.runner == "command" else [COLLECTORS]
    return list(dict.fromkeys(str(folder) for folder in (start, worktree, *sources, *ours)))


def _holds_packages(folder: Path) -> bool:
    return not (folder / "__init__.py").exists() and any(folder.glob("*/__init__.py"))


def _records(report: Path) -> list[dict[str, Any]]:
    try:
        lines = report.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [record for line in lines if (record := _record(line))]


def _record(line: str) -> dict[str, Any]:
    """Reads one line; the last one may be cut off, and hostile tests may have written any of them."""
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _outcomes(records: Sequence[Mapping[str, Any]], places: Mapping[str, str]) -> dict[str, str]:
    """Gives the worst outcome of each test; names lose what differs from one run to the next."""
    outcomes: dict[str, str] = {}
    for record in records:
        name, outcome = record.get("test"), record.get("outcome")
        if not isinstance(name, str) or outcome not in _RANKS:
            continue
        for place, short in places.items():
            name = name.replace(place, short)
        name = _ADDRESS.sub("0x", name)
        outcomes[name] = max(outcome, outcomes.get(name, outcome), key=_RANKS.__getitem__)
    return outcomes


def _refuse_foreign(plan: TestPlan, records: Sequence[Mapping[str, Any]]) -> None:
    foreign = [name for record in records for name in record.get("foreign", ())]
    if foreign:
        hint = "install the project in no editable way in the Python that runs its tests, or name another Python"
        raise TestsUnusable(f"the tests import {foreign[0]} from {plan.checkout} instead of the private checkout", hint)


def _count(log: str) -> int | None:
    """Gives how many tests a plain command said it ran, in the words of unittest or of pytest."""
    counts = [[int(number) for number in pattern.findall(log)] for pattern in _COUNTED]
    return next((sum(numbers) for numbers in counts if numbers), None)
