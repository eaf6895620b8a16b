"""The log file of a run: one JSON line for each attempt at a step, beginning and end.

The history says what was completed; this says what was tried, by which process, with whole tracebacks. The crash test
counts executions in it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TextIO

import structlog

if TYPE_CHECKING:
    from pathlib import Path

    from structlog.typing import FilteringBoundLogger

LOG_NAME = "log.jsonl"


class RunLogs:
    """Opens the log files of runs and keeps them open."""

    def __init__(self, runs: Path) -> None:
        self._runs = runs
        self._open: dict[str, FilteringBoundLogger] = {}
        self._files: list[TextIO] = []

    def of(self, run_id: str) -> FilteringBoundLogger:
        """Return the logger of a run."""
        if run_id not in self._open:
            folder = self._runs / run_id
            folder.mkdir(parents=True, exist_ok=True)
            # Line buffering: what was written before a SIGKILL is in the file.
            file = (folder / LOG_NAME).open("a", encoding="utf-8", buffering=1)
            self._files.append(file)
            self._open[run_id] = structlog.wrap_logger(
                structlog.WriteLogger(file),
                processors=[
                    structlog.processors.TimeStamper(fmt="iso", utc=True),
                    structlog.processors.add_log_level,
                    structlog.processors.JSONRenderer(),
                ],
                wrapper_class=structlog.make_filtering_bound_logger(0),
                pid=os.getpid(),
            )
        return self._open[run_id]

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            file.close()
        self._files.clear()
        self._open.clear()
