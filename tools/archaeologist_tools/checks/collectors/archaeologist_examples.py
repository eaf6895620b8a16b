"""Runs the examples of one text as doctest does, and writes what became of each.

Runs inside the project's own interpreter (Python 3.8 and later); imports nothing of ours but the guard. The order is a
file of JSON: `module`, the name to import, or nothing for a document; `file`, where the module has to come from;
`root`, the folder to import it from; `text`; `folders`, where examples may write; `report`, where the outcomes go.
"""

from __future__ import annotations

import doctest
import importlib
import json
import os
import sys
import traceback
from typing import Any

import archaeologist_guard  # type: ignore[import-not-found]  # this folder is on the path there

_MOST = 2000


class Runner(doctest.DocTestRunner):
    """The usual runner, which tells nobody but us."""

    def __init__(self) -> None:
        super().__init__(verbose=False)
        self.outcomes = []  # type: list[dict[str, Any]]

    def report_start(self, out: Any, test: Any, example: Any) -> None:
        """Says nothing."""

    def report_success(self, out: Any, test: Any, example: Any, got: str) -> None:
        """Takes an example that gave what it says."""
        del out, got
        self._record(test, example, passed=True)

    def report_failure(self, out: Any, test: Any, example: Any, got: str) -> None:
        """Takes an example that gave something else."""
        del out
        self._record(test, example, got)

    def report_unexpected_exception(self, out: Any, test: Any, example: Any, exc_info: Any) -> None:
        """Takes an example that raised something it does not speak of."""
        del out
        self._record(test, example, "".join(traceback.format_exception_only(*exc_info[:2])))

    def _record(self, test: Any, example: Any, got: str = "", *, passed: bool = False) -> None:
        index = next(place for place, each in enumerate(test.examples) if each is example)
        self.outcomes.append({"index": index, "passed": passed, "got": got[:_MOST]})


def main(place: str) -> None:
    """Runs what an order says."""
    with open(place, encoding="utf-8") as stream:  # noqa: PTH123 - as in 3.8
        order = json.load(stream)
    sys.path[0] = os.getcwd()  # noqa: PTH109 - as `-m doctest` does
    sys.path.append(order["root"])
    sys.argv = [order["module"]]
    guard = archaeologist_guard.Guard(order["folders"])
    guard.start()
    try:
        outcomes, problem = _run(order, guard), ""
    except BaseException as error:  # noqa: BLE001 - whatever a module does when it is imported
        outcomes, problem = [], "".join(traceback.format_exception_only(type(error), error)).strip()[:_MOST]
    with open(order["report"], "w", encoding="utf-8", errors="backslashreplace") as stream:  # noqa: PTH123
        json.dump({"outcomes": outcomes, "problem": problem, "refused": guard.refused}, stream)
    # Threads of the project may be left, and nobody waits for them.
    os._exit(0)


def _run(order: Any, guard: Any) -> list[dict[str, Any]]:
    names = _names(order["module"], order["file"]) if order["module"] else {"__name__": "__main__"}
    test = doctest.DocTestParser().get_doctest(order["text"], names, "the examples", None, 0)
    runner = Runner()
    guard.be_strict()
    runner.run(test, out=lambda _text: None, clear_globs=False)
    return runner.outcomes


def _names(module: str, file: str) -> dict[str, Any]:
    found = importlib.import_module(module)
    if os.path.realpath(getattr(found, "__file__", None) or "") != os.path.realpath(file):
        raise ImportError(f"{module} is imported from elsewhere")
    return dict(vars(found))


if __name__ == "__main__":
    main(sys.argv[1])
