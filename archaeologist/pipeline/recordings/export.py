"""Makes a recording of a run, finished or not: what one would attach to a report of a defect."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from archaeologist.artefacts import ArtefactStore
from archaeologist.domain.view import viewed
from archaeologist.errors import GitFailed, RepositoryGone, RunError, UsageError
from archaeologist.pipeline.executions import executions_of
from archaeologist.pipeline.recordings.neutral import Places, keep_artefacts, rewritten, texts_of
from archaeologist.pipeline.recordings.repository import copy_repository
from archaeologist.pipeline.recordings.source import ARTEFACTS, REPOSITORY, RecordedSource, history_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from temporalio.client import Client, WorkflowHistory

    from archaeologist.domain.events import RunLine
    from archaeologist.domain.run import RunScope
    from archaeologist.pipeline.executions import Execution
    from archaeologist.temporal.state import StateDirectory

ZIP = ".zip"


def check_destination(destination: Path) -> None:
    """Make sure that a recording can be written. Raises UsageError: something is there, or the folder around is not."""
    if destination.exists() and (destination.is_file() or any(destination.iterdir())):
        raise UsageError(
            f"{destination} is there already", hint="name a folder, or a file that ends in .zip, to be made"
        )
    if not destination.absolute().parent.is_dir():
        raise UsageError(f"{destination.parent} is no folder", hint="make it first")


async def export_run(client: Client, state: StateDirectory, run: RunLine, destination: Path) -> str:
    """Write a recording of a run and return why its repository is not in it; empty when it is.

    Args:
        client: the server that has its histories.
        state: the state directory that has its artefacts.
        run: which run.
        destination: a folder to be made; a zip where its name ends so.

    Raises:
        UsageError: the destination cannot be made.
        RunError: the server knows nothing of the run any more.
    """
    check_destination(destination)
    executions = await executions_of(client, run.workflow_id, run.workflow_run)
    if not executions:
        raise RunError(f"the server has no history of run {run.run_id} any more")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "recording"
        folder.mkdir()
        _write_histories(executions, folder, lambda text: text)
        recorded = RecordedSource(folder)
        request, view = recorded.request, viewed(recorded.recorded)
        places = Places.of(request.run, state)
        texts = [text for _, history in executions for text in texts_of(history)]
        kept = keep_artefacts(ArtefactStore(state.artefacts), texts, places.replaced)
        _write_histories(executions, folder, lambda text: kept.renamed(places.replaced(text)))
        store = ArtefactStore(folder / ARTEFACTS)
        for content in kept.contents.values():
            store.put(content)
        texts += [content.decode("utf-8", "surrogateescape") for content in kept.contents.values()]
        tip = view.commits[-1] if view.commits else request.run.base
        lacks = _copy_repository(request.run, tip, folder, texts, places)
        _deliver(folder, destination)
    return lacks


def _copy_repository(run: RunScope, tip: str, folder: Path, texts: list[str], places: Places) -> str:
    """Copy the repository, and return why it cannot be: what is gone may be what is to be reported."""
    try:
        copy_repository(run, tip, folder / REPOSITORY, texts, places.replaced)
    except (RepositoryGone, GitFailed) as error:
        shutil.rmtree(folder / REPOSITORY, ignore_errors=True)
        return str(error)
    return ""


def _write_histories(
    executions: list[tuple[Execution, WorkflowHistory]], folder: Path, change: Callable[[str], str]
) -> None:
    numbers = Counter[str]()
    for each, history in executions:
        name = history_name(each.kind)
        numbers[name] += 1
        number = "" if numbers[name] == 1 else f"-{numbers[name]}"
        (folder / f"{name}{number}.json").write_text(rewritten(history, change), encoding="utf-8")


def _deliver(folder: Path, destination: Path) -> None:
    if destination.suffix != ZIP:
        shutil.copytree(folder, destination, dirs_exist_ok=True)
        return
    with ZipFile(destination, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
