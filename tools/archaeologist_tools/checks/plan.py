"""How a project's tests are run, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the field types of a record can be resolved by whoever stores it
from dataclasses import dataclass
from typing import ClassVar, Literal

from archaeologist_tools.errors import TestsUnusable

Runner = Literal["pytest", "unittest", "command"]


@dataclass(frozen=True)
class TestPlan:
    """How the tests of a project are run.

    Args:
        runner: "pytest" and "unittest" tell each test's outcome; of a "command" only the exit code is known, and the
            number of tests if it prints one.
        command: program and arguments, as a person would type them.
        python: the interpreter whose folder comes first on PATH.
        directory: where the command runs, relative to the worktree; "" is its top.
        checkout: the user's checkout, which the tests must not import from; "" if unknown.
    """

    __test__: ClassVar[bool] = False

    runner: Runner
    command: tuple[str, ...]
    python: str
    directory: str = ""
    checkout: str = ""


@dataclass(frozen=True)
class TestLimits:
    """When tests are stopped.

    Args:
        seconds: wall time of the whole run.
        memory_bytes: address space of each process.
        output_bytes: how much of the end of the output is kept.
    """

    __test__: ClassVar[bool] = False

    seconds: float = 1800
    memory_bytes: int = 4 << 30
    output_bytes: int = 8 << 20


@dataclass(frozen=True)
class TestRun:
    """What came of the tests.

    Args:
        outcomes: "passed", "failed", "error", "skipped" or "xfailed" by the test's stable name.
        exit_code: of the command; negative is the signal that ended it.
        seconds: wall time.
        timed_out: the tests were stopped; outcomes are those until then.
        log: the end of the output.
        counted: how many tests a plain command said it ran, None if it said nothing.
    """

    __test__: ClassVar[bool] = False

    outcomes: Mapping[str, str]
    exit_code: int
    seconds: float
    timed_out: bool
    log: str
    counted: int | None = None

    @property
    def passed(self) -> frozenset[str]:
        """The names of the tests that passed."""
        return frozenset(name for name, outcome in self.outcomes.items() if outcome == "passed")


def require_baseline(run: TestRun) -> None:
    """Refuses a first test run that nothing can be measured against.

    Raises:
        TestsUnusable: no test ran or passed, or the tests did not come to an end in time.
    """
    if run.timed_out:
        hint = "raise the limit, or pass `--no-tests`"
        raise TestsUnusable(f"the project's tests did not end within {run.seconds:.0f} s", hint)
    if run.counted == 0 or not run.outcomes:
        raise TestsUnusable(f"not one test ran (exit code {run.exit_code})")
    if not run.passed:
        raise TestsUnusable(f"not one test passes before anything is changed (exit code {run.exit_code})")
