"""Does what `python -m unittest` does, and writes each test's outcome.

Plain `discover` goes further than unittest does, which would run nothing and be content: a `tests` folder that is no
package is searched, too, and when there still is no test, every folder that has a test file is.
"""

from __future__ import annotations

import os
import sys
import unittest
from fnmatch import fnmatch
from typing import Any

import archaeologist_outcomes as outcomes  # type: ignore[import-not-found]  # this folder is on the path there

_PATTERN = "test*.py"
_SKIPPED = {"node_modules", "site-packages", "build", "dist", "venv", "env", "vendor", "_vendor", "third_party"}


class Result(unittest.TextTestResult):
    """A result that writes down outcomes as they come."""

    def addSuccess(self, test: Any) -> None:  # noqa: N802 - unittest's name
        """Takes a test that passed."""
        super().addSuccess(test)
        _record(test, "passed")

    def addError(self, test: Any, err: Any) -> None:  # noqa: N802 - unittest's name
        """Takes an error of a test, a class, a module or an import."""
        super().addError(test, err)
        _record(test, "error")

    def addFailure(self, test: Any, err: Any) -> None:  # noqa: N802 - unittest's name
        """Takes a test that failed."""
        super().addFailure(test, err)
        _record(test, "failed")

    def addSkip(self, test: Any, reason: str) -> None:  # noqa: N802 - unittest's name
        """Takes a test, or a part of it, that was skipped."""
        super().addSkip(test, reason)
        _record(test, "skipped")

    def addExpectedFailure(self, test: Any, err: Any) -> None:  # noqa: N802 - unittest's name
        """Takes a test that was right to fail."""
        super().addExpectedFailure(test, err)
        _record(test, "xfailed")

    def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: N802 - unittest's name
        """Takes a test that should have failed."""
        super().addUnexpectedSuccess(test)
        _record(test, "failed")

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: N802 - unittest's name
        """Takes a part of a test; one that failed makes the test fail."""
        super().addSubTest(test, subtest, err)
        if err is None:
            _record(test, "passed")
        else:
            _record(test, "failed" if issubclass(err[0], test.failureException) else "error")


class Runner(unittest.TextTestRunner):
    """The usual runner with our result."""

    resultclass = Result  # type: ignore[assignment]  # the stub wants a function, unittest a class


def main(arguments: list[str]) -> int:
    """Runs the tests that the arguments of `python -m unittest` name; gives the exit code."""
    sys.path[0] = os.getcwd()  # noqa: PTH109 - as `-m` does
    outcomes.start()
    pattern = _discovery_pattern(arguments)
    if pattern is None:
        program = unittest.main(module=None, argv=["python -m unittest", *arguments], testRunner=Runner, exit=False)
        successful = program.result.wasSuccessful()
    else:
        successful = Runner(verbosity=1).run(_discover(pattern)).wasSuccessful()
    outcomes.finish()
    return 0 if successful else 1


def _record(test: Any, outcome: str) -> None:
    outcomes.record(getattr(test, "test_case", test).id(), outcome)


def _discovery_pattern(arguments: list[str]) -> str | None:
    if arguments in ([], ["discover"]):
        return _PATTERN
    return arguments[2] if arguments[:2] == ["discover", "-p"] and len(arguments) == 3 else None  # noqa: PLR2004


def _discover(pattern: str) -> unittest.TestSuite:
    plain = [name for name in ("tests", "test") if os.path.isdir(name) and not _is_package(name)]  # noqa: PTH112
    suite = unittest.TestSuite(_load(folder, pattern) for folder in [".", *plain])
    if suite.countTestCases():
        return suite
    return unittest.TestSuite(_load(folder, pattern) for folder in _folders(pattern) if folder not in {".", *plain})


def _load(folder: str, pattern: str) -> unittest.TestSuite:
    try:
        # A loader remembers its first folder, hence a new one.
        return unittest.TestLoader().discover(folder, pattern, folder)
    except ImportError as problem:
        outcomes.record("discovery in " + folder, "error")
        sys.stderr.write("cannot discover tests in {}: {}\n".format(folder, problem))  # noqa: UP032 - Python 3.8 reads this
        return unittest.TestSuite()


def _folders(pattern: str) -> list[str]:
    """Gives the folders that imports must start from for every test file to be found."""
    tops = set()
    for folder, names, files in os.walk("."):
        names[:] = sorted(name for name in names if name not in _SKIPPED and not name.startswith("."))
        if any(fnmatch(name, pattern) for name in files):
            tops.add(_top(folder))
    return sorted(tops)


def _top(folder: str) -> str:
    while folder != "." and _is_package(folder):
        folder = os.path.dirname(folder)  # noqa: PTH120
    return folder


def _is_package(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, "__init__.py"))  # noqa: PTH113, PTH118


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
