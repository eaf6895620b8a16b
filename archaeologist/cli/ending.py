"""How a run ended, or why it stopped: what is printed last, and the exit status."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from archaeologist.cli import exits
from archaeologist.domain.names import PAUSE_BUDGET
from archaeologist.domain.run import RunState, Verdict
from archaeologist.errors import ArchaeologistError
from archaeologist.pipeline.intake import find_repository
from archaeologist.reporting.jsonlines import result_json
from archaeologist.reporting.lines import told_apart
from archaeologist.reporting.text import result_block
from archaeologist_tools.git.branch import tip

if TYPE_CHECKING:
    from archaeologist.cli.follow import Format
    from archaeologist.domain.events import RunLine
    from archaeologist.domain.view import RunView


def finish(view: RunView, output: Format, artefacts: Path | None) -> int:
    """Print how a run ended and return the exit status.

    Args:
        view: the run.
        output: how it is printed.
        artefacts: where what it left is read; None when nobody knows.
    """
    if output == "json":
        click.echo(result_json(view))
    elif view.state is RunState.DONE:
        click.echo(whole_result(view, artefacts))
    else:
        click.echo(_unfinished(view), err=True)
    return status_of(view)


def whole_result(view: RunView, artefacts: Path | None) -> str:
    """Return the block that a run ends with, with all that it left alone as far as its artefacts tell."""
    from archaeologist.artefacts import ArtefactStore
    from archaeologist.review.left_alone import amount_left

    return result_block(view, amount_left(view, ArtefactStore(artefacts)) if artefacts else "")


def removal(line: RunLine) -> str:
    """Return how to throw away what a run has made; that it made nothing when there is no such branch."""
    with suppress(ArchaeologistError):  # a repository that is not there any more may come back
        if tip(find_repository(Path(line.repository), init=False).git, line.branch) is None:
            return "it has committed nothing"
    return f"`git -C {line.repository} branch -D {line.branch}` removes what it made"


def _unfinished(view: RunView) -> str:
    """Return why a run stopped and the one thing to do about it."""
    from archaeologist.cli.telling.questions import answers
    from archaeologist_tui.reading.asking import AskKind, ask_of

    run_id = view.request.run.run_id if view.request else ""
    ask = ask_of(view)
    if ask is None:
        verb = "was cancelled" if view.state is RunState.CANCELLED else view.state.value
        message = f": {view.message}" if view.message else ""
        return f"\nerror: the run {verb}{message}\n\nhint: `archaeologist resume {run_id}` goes on where it was"
    error = "error: " if ask.kind in {AskKind.BUDGET, AskKind.FAULT} else ""
    hint = ask.hint or answers(view, ask, run_id)
    return f"\n{error}the run is paused: {told_apart(view.paused)[0]}\n\nhint: {hint}"


def status_of(view: RunView) -> int:
    """Return the exit status that a run's end means."""
    if view.state is RunState.PAUSED and view.paused.startswith(PAUSE_BUDGET):
        return exits.STOPPED
    if view.state is not RunState.DONE or view.result is None:
        return exits.CANNOT_RUN
    return exits.FOUND if view.result.verdict is Verdict.WORSE else exits.DONE
