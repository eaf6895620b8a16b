"""The errors a person may see, all of one tree.

    ArchaeologistError              exit 3, the root; carries a hint and an exit code
    |-- UsageError                  exit 2, wrong option or configuration
    |-- RepositoryError             the path or the repository cannot be worked on
    |   |-- PathMissing             nothing is there
    |   |-- NotARepository          a folder outside every repository
    |   |-- EmptyRepository         no commit yet
    |   |-- BareRepository          no work tree to scope a path in
    |   |-- ScopeOutside            the path leads out of its repository
    |   |-- RepositoryGone          it was there when the run began (terminal)
    |-- BranchError
    |   |-- BranchTaken             a branch of that name exists and is not ours
    |   |-- BranchMoved             somebody else moved it (terminal)
    |-- RuffFailed                  ruff cannot be started or ended with an error
    |-- GitFailed                   git ended with an error that has no name of its own
    |-- DiskFull                    nothing more can be written (terminal)
    |-- StateError                  the state directory or its database cannot be used
    |-- ServerError                 no Temporal server can be had
    |-- WorkerError                 no worker can be had, or it refused a run
    |-- RunError                    no such run, or not in a state that allows this
    |-- RecordingUnusable           a recording of a run is none, or not a whole one
    |-- ModelError                  a model cannot be asked
    |   |-- ModelUnavailable        it is away or busy: trying again can help
    |   |-- ModelTerminal           key, quota, name or request refused (terminal)
    |       |-- ConversationTooLong the model cannot read so much (terminal; a conversation is given up for it)
    |-- EditRefused                 an edit that a model asked for would not be right; goes back to the model
    |-- TestsUnusable               the project's tests cannot be started (terminal)

`terminal` errors pause a run for a person; the others are retried or reported. This module imports nothing.
"""

from __future__ import annotations


class ArchaeologistError(Exception):
    """Something failed that a person can act on.

    Args:
        message: what failed and why, without a final period.
        hint: the one thing to do next; the class's own hint when omitted.
    """

    hint: str = "run `archaeologist doctor` to see what this machine lacks"
    exit_code: int = 3
    terminal: bool = False

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        if hint is not None:
            self.hint = hint


class UsageError(ArchaeologistError):
    """A wrong option, argument or configuration value."""

    hint = "see `archaeologist --help`"
    exit_code = 2


class RepositoryError(ArchaeologistError):
    """The repository cannot be worked on."""


class PathMissing(RepositoryError):
    """Nothing is at the given path."""

    hint = "check the spelling of the path"


class NotARepository(RepositoryError):
    """The folder is in no git repository."""

    hint = "pass `--init` to make it a git repository with a first commit"


class EmptyRepository(RepositoryError):
    """The repository has no commit."""

    hint = "commit your files first: `git add -A && git commit -m 'First commit'`"


class BareRepository(RepositoryError):
    """The repository has no work tree."""

    hint = "clone it and run there: `git clone <repository> work && archaeologist modernize work`"


class ScopeOutside(RepositoryError):
    """The path leads out of its repository."""

    hint = "name a folder inside the repository, not a link out of it"


class RepositoryGone(RepositoryError):
    """The repository of an open run is no longer where it was."""

    hint = "put it back and type `archaeologist resume`, or give the run up with `archaeologist cancel`"
    terminal = True


class BranchError(ArchaeologistError):
    """The result branch cannot be written."""


class BranchTaken(BranchError):
    """A branch of that name exists and is not this run's."""

    hint = "choose another name with `--branch`"


class BranchMoved(BranchError):
    """The result branch was moved by somebody else while the run was open."""

    hint = "put the branch back or delete it, then type `archaeologist resume`"
    terminal = True


class RuffFailed(ArchaeologistError):
    """Ruff cannot be started or ended with an error."""

    hint = "install it again: `pip install --force-reinstall ruff`"


class GitFailed(ArchaeologistError):
    """Git ended with an error."""

    hint = "try the same git command by hand; `git fsck` finds damaged repositories"


class DiskFull(ArchaeologistError):
    """Nothing more can be written to the disk."""

    hint = "free some space, then type `archaeologist resume`"
    terminal = True


class StateError(ArchaeologistError):
    """The state directory cannot be used."""

    hint = "choose another one with `--state-dir` or ARCHAEOLOGIST_STATE_DIR"


class ServerError(ArchaeologistError):
    """No Temporal server can be had."""

    hint = "see `archaeologist doctor` and `archaeologist server status`"


class WorkerError(ArchaeologistError):
    """No worker can be had, or it refused to take a run over."""

    hint = "see the worker's log, named by `archaeologist doctor`"


class RunError(ArchaeologistError):
    """No such run, or it is not in a state that allows what was asked."""

    hint = "see `archaeologist runs list`"


class RecordingUnusable(ArchaeologistError):
    """What is to be played is no recording of a run, or not a whole one."""

    hint = "`archaeologist runs export RUN FILE.zip` makes a recording; a copy may have been cut short on its way"


class ModelError(ArchaeologistError):
    """A model cannot be asked."""

    hint = "see `archaeologist doctor`; `--model offline` needs no model"


class ModelUnavailable(ModelError):
    """A model's server is away, busy or broken; trying again can help.

    Args:
        message: what failed.
        retry_after: seconds that the server asked to wait; None when it said nothing.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ModelTerminal(ModelError):
    """A model's server refuses us, and trying again changes nothing."""

    hint = "check the key, the quota and the model's name, then type `archaeologist resume`"
    terminal = True


class ConversationTooLong(ModelTerminal):
    """A question is longer than the model can read.

    Args:
        message: what the server said.
        hint: the one thing to do next.
        share: how much of the question there was room for, from 0 to 1, where the server named numbers.
    """

    def __init__(self, message: str, hint: str | None = None, share: float | None = None) -> None:
        super().__init__(message, hint)
        self.share = share


class EditRefused(ArchaeologistError):
    """An edit that a model asked for is not made; the message is what the model is told."""

    hint = "leave the code as it is, or ask for another edit"


class TestsUnusable(ArchaeologistError):
    """The project's tests cannot be started."""

    hint = "name the command with `--test-command`, or pass `--no-tests`"
    terminal = True
    __test__ = False
