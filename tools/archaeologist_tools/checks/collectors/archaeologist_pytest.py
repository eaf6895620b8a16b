"""The pytest plugin that reports each test's outcome; loaded with `-p` through PYTEST_ADDOPTS."""

from __future__ import annotations

from typing import Any

import archaeologist_outcomes as outcomes  # type: ignore[import-not-found]  # this folder is on the path there

_root = ""


def pytest_configure(config: Any) -> None:
    """Opens the file of outcomes."""
    global _root  # noqa: PLW0603 - pytest gives a report no way to its configuration
    _root = str(config.rootdir)
    outcomes.start()


def pytest_runtest_logreport(report: Any) -> None:
    """Writes the outcome of a test, and of its setup and teardown when they went wrong."""
    if report.outcome == "skipped":
        _record(report, "xfailed" if hasattr(report, "wasxfail") else "skipped")
    elif report.outcome == "failed":
        _record(report, "failed" if report.when == "call" else "error")
    elif report.outcome == "passed" and report.when == "call":
        _record(report, "passed")


def pytest_collectreport(report: Any) -> None:
    """Writes what could not be imported, and what skips itself as a whole."""
    if report.outcome in {"failed", "skipped"}:
        _record(report, "error" if report.outcome == "failed" else "skipped")


def pytest_sessionfinish() -> None:
    """Writes where modules came from."""
    outcomes.finish()


def _record(report: Any, outcome: str) -> None:
    outcomes.record(outcomes.relative(_root, report.nodeid), outcome)
