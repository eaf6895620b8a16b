"""What surrounds every attempt at a step: heartbeats, the run's log, and the mapping of errors to classes of fault."""

from __future__ import annotations

import asyncio
import traceback
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from temporalio import activity

from archaeologist.errors import ArchaeologistError, ModelUnavailable, as_fault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from archaeologist.agents.turns.runlog import RunLogs

HEARTBEAT_SECONDS = 1.0
SHOWN_CHARACTERS = 300


class HandLost(Exception):
    """A child process died in the middle of an order: killed, out of memory, crashed."""


@dataclass(frozen=True)
class StepFault(Exception):
    """A step failed in a way that the child could describe."""

    kind: str
    message: str
    hint: str
    retryable: bool
    traceback: str


class Pulse:
    """What an attempt's heartbeats say: the end of the text that a model is writing, seen by whoever follows a run.

    Heartbeats leave no event in a history.
    """

    def __init__(self) -> None:
        self._text = ""
        self._characters = 0

    def wrote(self, text: str) -> None:
        """Take a piece of text as it arrives."""
        self._characters += len(text)
        self._text = (self._text + text)[-SHOWN_CHARACTERS:]

    def beat(self) -> None:
        """Tell the server that the attempt lives."""
        activity.heartbeat(*([{"characters": self._characters, "text": self._text}] if self._characters else []))


@asynccontextmanager
async def attempt(logs: RunLogs, run_id: str) -> AsyncIterator[Pulse]:
    """Beat in the background, log beginning and end, and turn errors into faults of the right class.

    Raises:
        ApplicationError: what failed, as a fault that is retried, with the wait that a server asked for, or not.
    """
    info = activity.info()
    log = logs.of(run_id).bind(
        step=info.activity_id,
        kind=info.activity_type,
        agent=info.workflow_type,
        workflow_run=info.workflow_run_id,
        attempt=info.attempt,
    )
    log.info("step began")
    pulse = Pulse()
    beating = asyncio.create_task(_beat(pulse))
    try:
        yield pulse
    except StepFault as fault:
        log.error("step failed", fault=fault.kind, message=fault.message, traceback=fault.traceback)
        # The log has the trace.
        raise as_fault(fault.kind, fault.message, fault.hint, retryable=fault.retryable) from None
    except HandLost as lost:
        log.error("step failed", fault="HandLost", message=str(lost))
        raise as_fault("HandLost", str(lost), "", retryable=True) from None
    except ModelUnavailable as error:
        log.warning("step failed", fault="ModelUnavailable", message=str(error), retry_after=error.retry_after)
        wait = None if error.retry_after is None else timedelta(seconds=error.retry_after)
        raise as_fault("ModelUnavailable", str(error), "", retryable=True, wait=wait) from None
    except ArchaeologistError as error:
        log.error("step failed", fault=type(error).__name__, message=str(error))
        raise as_fault(type(error).__name__, str(error), error.hint, retryable=False) from None
    except asyncio.CancelledError:
        log.warning("step cancelled")
        raise
    except Exception as error:
        log.error("step failed", fault=type(error).__name__, message=str(error), traceback=traceback.format_exc())
        raise
    else:
        log.info("step ended")
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating


async def _beat(pulse: Pulse) -> None:
    while True:
        # The start of an attempt counts as its first beat, and most steps end before the second.
        await asyncio.sleep(HEARTBEAT_SECONDS)
        pulse.beat()
