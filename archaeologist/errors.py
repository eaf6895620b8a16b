"""The error tree as the application sees it, and the one place that maps it to Temporal's faults.

The tree itself is drawn in `archaeologist_tools.errors`: the tools raise, too, and may not import this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist_tools.errors import (
    ArchaeologistError,
    BareRepository,
    BranchError,
    BranchMoved,
    BranchTaken,
    ConversationTooLong,
    DiskFull,
    EditRefused,
    EmptyRepository,
    GitFailed,
    ModelError,
    ModelTerminal,
    ModelUnavailable,
    NotARepository,
    PathMissing,
    RecordingUnusable,
    RepositoryError,
    RepositoryGone,
    RunError,
    ScopeOutside,
    ServerError,
    StateError,
    TestsUnusable,
    UsageError,
    WorkerError,
)

if TYPE_CHECKING:
    from datetime import timedelta

    from temporalio.exceptions import ApplicationError

__all__ = [
    "ArchaeologistError",
    "BareRepository",
    "BranchError",
    "BranchMoved",
    "BranchTaken",
    "ConversationTooLong",
    "DiskFull",
    "EditRefused",
    "EmptyRepository",
    "GitFailed",
    "ModelError",
    "ModelTerminal",
    "ModelUnavailable",
    "NotARepository",
    "PathMissing",
    "RecordingUnusable",
    "RepositoryError",
    "RepositoryGone",
    "RunError",
    "ScopeOutside",
    "ServerError",
    "StateError",
    "TestsUnusable",
    "UsageError",
    "WorkerError",
    "as_fault",
]


def as_fault(kind: str, message: str, hint: str, *, retryable: bool, wait: timedelta | None = None) -> ApplicationError:
    """Return the Temporal fault for an error: retried with backoff, or handed to a person at once.

    Args:
        kind: the error's class name.
        message: what failed.
        hint: what to do next; shown with the message when the run pauses.
        retryable: whether trying again can help.
        wait: how long to wait before; None leaves it to the retry policy.
    """
    from temporalio.exceptions import ApplicationError

    return ApplicationError(
        f"{message} (hint: {hint})" if hint else message,
        type=kind,
        non_retryable=not retryable,
        next_retry_delay=wait,
    )
