"""The child process that does the steps: CPU-bound work, git and the project's tests, one order at a time.

LibCST holds the interpreter lock and one crash would take a whole worker down, so nothing of this runs in the worker.
The worker writes one JSON line an order to standard input and reads one JSON line a result. The end of standard input
means that the worker is gone: the process ends at once, in the middle of whatever it does.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import queue
import signal
import sys
import threading
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

from archaeologist.agents.steps.catalog import KINDS
from archaeologist.artefacts import ArtefactStore
from archaeologist.domain.names import Role, Step
from archaeologist.domain.payload import Payload
from archaeologist.errors import ArchaeologistError, GitFailed
from archaeologist_tools.engine.registry import all_rules

if TYPE_CHECKING:
    from collections.abc import Callable

_COLLECTOR_THRESHOLDS = (20_000, 20, 100)
"""For `gc.set_threshold`; with Python's (700, 10, 10) Django 1.11 took about a tenth longer, measured in turns."""

OrderT = TypeVar("OrderT", bound=Payload)
ResultT = TypeVar("ResultT", bound=Payload)


@dataclass(frozen=True)
class Bench:
    """Where a step may keep things outside the repository."""

    artefacts: ArtefactStore
    worktrees: Path
    state: Path

    @classmethod
    def below(cls, state: Path) -> Bench:
        """Return the bench of a state directory."""
        return cls(ArtefactStore(state / "artefacts"), state / "worktrees", state)


_FUNCTIONS: dict[Step, Callable[[Bench, Any], Payload]] = {}


def does(step: Step) -> Callable[[Callable[[Bench, OrderT], ResultT]], Callable[[Bench, OrderT], ResultT]]:
    """Register the function that does a step."""

    def register(function: Callable[[Bench, OrderT], ResultT]) -> Callable[[Bench, OrderT], ResultT]:
        _FUNCTIONS[step] = function
        return function

    return register


def step_functions() -> dict[Step, Callable[[Bench, Any], Payload]]:
    """Return the function of every step that is done in a child process."""
    for role in Role:
        importlib.import_module(f"archaeologist.agents.{role}.steps")
    for shared in ("layers", "items", "briefing", "drafting", "talking"):
        importlib.import_module(f"archaeologist.agents.steps.{shared}")
    with suppress(ArchaeologistError):  # a broken plugin pauses the run at the first step that needs rules
        all_rules()  # loads them now, while the worker connects, and not within the first step
    return _FUNCTIONS


def _spare_the_collector() -> None:
    """Let the garbage collector look at what was loaded never again, and at the rest less often.

    Syntax trees are made of very many objects that die together, so that most of its passes find nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTOR_THRESHOLDS)


def serve(state: Path, orders: IO[str], results: IO[str]) -> None:
    """Do orders until standard input ends."""
    functions = step_functions()
    _spare_the_collector()
    bench = Bench.below(state)
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders, waiting), daemon=True).start()
    while True:
        envelope = json.loads(waiting.get())
        step = Step(envelope["step"])
        answer = _answer(functions[step], bench, KINDS[step].order.model_validate_json(envelope["order"]))
        results.write(json.dumps(answer) + "\n")
        results.flush()


def _listen(orders: IO[str], waiting: queue.SimpleQueue[str]) -> None:
    for line in orders:
        waiting.put(line)
    os._exit(0)  # the worker is gone; nothing here may outlive it


def _answer(function: Callable[[Bench, Any], Payload], bench: Bench, order: Payload) -> dict[str, Any]:
    try:
        return {"result": function(bench, order).model_dump_json()}
    except ArchaeologistError as error:
        retryable = isinstance(error, GitFailed)  # a lock somebody holds, a repack: worth another try
        return _fault(type(error).__name__, str(error), error.hint, retryable=retryable)
    except (OSError, MemoryError) as error:
        return _fault(type(error).__name__, f"{type(error).__name__}: {error}", "", retryable=True)
    except Exception as error:  # noqa: BLE001 - a defect of ours must pause the run with its trace, not kill the child
        return _fault(
            "Defect",
            f"{type(error).__name__}: {error}",
            "this is a defect of Code Archaeologist: report it with the run's log; `archaeologist resume` tries again",
            retryable=False,
        )


def _fault(kind: str, message: str, hint: str, *, retryable: bool) -> dict[str, Any]:
    return {
        "error": {"kind": kind, "message": message, "hint": hint, "retryable": retryable},
        "traceback": traceback.format_exc(),
    }


def main() -> None:
    """Serve orders; run as `python -m archaeologist.agents.steps.bench STATE`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the worker, which ends us
    os.nice(5)  # heartbeats of the worker and the server go first
    results = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not break the protocol
    serve(Path(sys.argv[1]), sys.stdin, results)


if __name__ == "__main__":
    # Run as a module this file exists twice; the registry that `does` fills belongs to the imported one.
    from archaeologist.agents.steps import bench  # noqa: PLW0406 - see above

    bench.main()
