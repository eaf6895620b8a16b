"""`archaeologist runs`: list runs, show one, print its log, record or forget one."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from archaeologist.cli import exits
from archaeologist.cli.display import Display, display_of, show_screens
from archaeologist.cli.ending import removal, status_of, whole_result
from archaeologist.cli.follow import interruptible
from archaeologist.cli.here import workflow_id_here
from archaeologist.cli.listing import print_list
from archaeologist.cli.options import LIST_OPTION, SERVER_OPTIONS, Place, place_of, with_options
from archaeologist.domain.view import RunView, reduce, viewed
from archaeologist.errors import RunError, UsageError
from archaeologist.reporting.jsonlines import event_json, result_json, run_json
from archaeologist.reporting.text import line_of, picture, run_row
from archaeologist_tools.safety.fencing import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.cli.telling.lists import List
    from archaeologist.domain.events import RunEvent, RunLine


@click.group(invoke_without_command=True)
@click.pass_context
def runs(ctx: click.Context) -> int:
    """List runs, show one, print its log, record it, or forget it. Without a command, on a terminal, look at all."""
    display = display_of({})
    if ctx.invoked_subcommand is not None:
        return exits.DONE
    if display.output != "screens":
        click.echo(ctx.get_help())
        return exits.DONE
    return interruptible(_look(place_of({}), display))


async def _look(place: Place, display: Display) -> int:
    return await show_screens(place, await place.connect(start=True), None, display)


@runs.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@with_options(SERVER_OPTIONS)
def list_runs(as_json: bool, **flags: Any) -> None:
    """List all runs, the newest first; what waits for a person, or for a worker, says so."""
    place = place_of(flags)
    lines = asyncio.run(_lines(place))
    if as_json:
        for line in lines:
            click.echo(run_json(line, place.stands_still(line)))
        return
    if not lines:
        click.echo("no runs yet; `archaeologist modernize PATH` starts one", err=True)
    rows = [run_row(line) for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    for row, line in zip(rows, lines, strict=True):
        click.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
        if line.paused:
            click.echo(f"    waits for you: {line.paused}; `archaeologist runs show {line.run_id}` says what to type")
        elif why := place.stands_still(line):
            click.echo(f"    {why}")


async def _lines(place: Place) -> list[RunLine]:
    from archaeologist.pipeline.source import LiveSource

    return await LiveSource(await place.connect(start=True)).runs()


@runs.command()
@click.argument("run", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@LIST_OPTION
@with_options(SERVER_OPTIONS)
def show(run: str | None, as_json: bool, what: List | None, **flags: Any) -> int:
    """Show where RUN stands, what it waits for and, when it is done, its report."""
    place = place_of(flags)
    line, events = asyncio.run(_read(place, run))
    view = viewed(events)
    if what is not None:
        return print_list(what, view, place.state.artefacts)
    if as_json:
        click.echo(result_json(view, place.stands_still(line)))
        return status_of(view) if view.result else 0
    click.echo(picture(line, view, place.stands_still(line)))
    for text in _asked(line, view):
        click.echo(text)
    if view.result is not None and view.result.report:
        from archaeologist.artefacts import ArtefactStore

        click.echo(whole_result(view, place.state.artefacts))
        click.echo("\n" + ArtefactStore(place.state.artefacts).get(view.result.report).decode())
    return status_of(view) if view.result else 0


def _asked(line: RunLine, view: RunView) -> Iterator[str]:
    from archaeologist.cli.telling.questions import question_lines

    yield from map(on_one_line, question_lines(view, line.run_id))


@runs.command()
@click.argument("run", required=False)
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@with_options(SERVER_OPTIONS)
def log(run: str | None, as_json: bool, **flags: Any) -> None:
    """Print what happened in RUN so far, one line an event."""
    place = place_of(flags)
    line, events = asyncio.run(_read(place, run))
    view = RunView()
    for event in events:
        view = reduce(view, event)
        text = event_json(event) if as_json else line_of(event, view)
        if text is not None:
            click.echo(text)
    click.echo(f"every attempt with its traceback: {place.state.run(line.run_id)}", err=True)


@runs.command()
@click.argument("run")
@click.argument("destination", type=click.Path(path_type=Path))
@with_options(SERVER_OPTIONS)
def export(run: str, destination: Path, **flags: Any) -> None:
    """Record RUN in DESTINATION, a folder or a .zip to be made, as one would attach it to a report of a defect.

    It holds your code as it was at the base and as it is on the branch, the names of the authors, all that models
    were told and said, and what the tests printed. Folders, host and keys of this machine are replaced by neutral
    words. `archaeologist demo DESTINATION` plays it.
    """
    line = asyncio.run(_exported(place_of(flags), run, destination))
    click.echo(f"run {line.run_id} is recorded in {destination}; `archaeologist demo {destination}` plays it", err=True)


async def _exported(place: Place, run: str, destination: Path) -> RunLine:
    from archaeologist.pipeline.recordings.export import check_destination, export_run
    from archaeologist.pipeline.runs import find_run

    check_destination(destination)
    client = await place.connect(start=True)
    line = await find_run(client, run)
    click.echo(
        f"recording run {line.run_id}: your code at the base and on the branch, what models were told and said, "
        "what the tests printed; folders, host and keys of this machine are replaced",
        err=True,
    )
    lacks = await export_run(client, place.state, line, destination)
    if lacks:
        click.echo(f"without the repository: {lacks}", err=True)
    return line


@runs.command()
@click.argument("run")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_options(SERVER_OPTIONS)
def delete(run: str, yes: bool, **flags: Any) -> None:
    """Forget RUN, which must have ended: its history, its log and the answers it paid. Its branch stays."""
    line = asyncio.run(_deleted(place_of(flags), run, yes=yes))
    if line is None:
        click.echo("nothing is forgotten", err=True)
        return
    click.echo(f"run {line.run_id} is forgotten; {removal(line)}", err=True)


async def _deleted(place: Place, run: str, *, yes: bool) -> RunLine | None:
    from archaeologist.pipeline.deletion import delete_run
    from archaeologist.pipeline.runs import find_run

    client = await place.connect(start=True)
    line = await find_run(client, run)
    if line.state.is_open:
        raise RunError(f"run {line.run_id} is {line.state}", hint=f"`archaeologist cancel {line.run_id}` gives it up")
    if not yes and not sys.stdin.isatty():
        raise UsageError("a run is forgotten only when somebody confirms it", hint="pass `--yes`")
    if not yes and not click.confirm(f"Forget run {line.run_id} of {line.repository}?", err=True):
        return None
    await delete_run(client, place.state, line)
    return line


async def _read(place: Place, run: str | None) -> tuple[RunLine, list[RunEvent]]:
    from archaeologist.pipeline.runs import find_run
    from archaeologist.pipeline.source import LiveSource

    client = await place.connect(start=True)
    line = await find_run(client, run, workflow_id_here())
    events = [event async for event in LiveSource(client).events(line, follow=False)]
    return line, events
