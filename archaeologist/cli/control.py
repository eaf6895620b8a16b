"""`archaeologist resume`, `pause`, `cancel`: what a person may tell a run."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

import rich_click as click

from archaeologist.cli import exits
from archaeologist.cli.display import display_of, show_run
from archaeologist.cli.ending import finish, removal
from archaeologist.cli.follow import chosen_format, interruptible
from archaeologist.cli.here import workflow_id_here
from archaeologist.cli.options import DISPLAY_OPTIONS, SERVER_OPTIONS, Place, place_of, with_options
from archaeologist.domain.run import RunState
from archaeologist.domain.view import viewed
from archaeologist.errors import RunError, UsageError
from archaeologist_tui.reading.asking import gone_on, pauses

if TYPE_CHECKING:
    from temporalio.client import Client

    from archaeologist.domain.budget import Budget
    from archaeologist.domain.events import RunLine


@click.command()
@click.argument("run", required=False)
@with_options(DISPLAY_OPTIONS)
@click.option("--detach", is_flag=True, help="Make the run go on and return.")
@with_options(SERVER_OPTIONS)
def resume(run: str | None, detach: bool, **flags: Any) -> int:
    """Go on with RUN, or the one of this repository, after a crash, a reboot, a pause or a failure.

    Server and worker are started again when they are gone. What was completed is not done again, and of a run that is
    done the result is shown.
    """
    return interruptible(_resume(place_of(flags), run, flags, detach=detach))


async def _resume(place: Place, run: str | None, flags: dict[str, Any], *, detach: bool) -> int:
    from archaeologist.pipeline.runs import resume_run
    from archaeologist.pipeline.source import LiveSource

    client, line = await _found(place, run)
    if line.state is RunState.DONE:
        # A run goes on without whoever was killed, so that to come back when it is done is no mistake.
        click.echo(f"run {line.run_id} is done already  {line.repository}  branch {line.branch}", err=True)
        if detach:
            return exits.DONE
        events = LiveSource(client).events(line, follow=False)
        output = chosen_format(plain=flags["plain"], as_json=flags["as_json"])
        return finish(viewed([event async for event in events]), output, place.state.artefacts)
    await place.ensure_worker()
    line = await resume_run(client, line)
    click.echo(f"{gone_on(line)}  {line.repository}  branch {line.branch}", err=True)
    if detach:
        return exits.DONE
    return await show_run(place, client, line, display_of(flags), keep_alive=True, aside=True)


@click.command()
@click.argument("run", required=False)
@with_options(SERVER_OPTIONS)
def pause(run: str | None, **flags: Any) -> None:
    """Stop RUN, or the one of this repository, before its next step; `resume` goes on."""
    from archaeologist.pipeline.controls import health_of

    place = place_of(flags)
    line = asyncio.run(_pause(place, run))
    goes_on = f"`archaeologist resume {line.run_id}` goes on"
    click.echo(f"run {line.run_id} {pauses(health_of(place.state, place.server), goes_on)}", err=True)


async def _pause(place: Place, run: str | None) -> RunLine:
    from archaeologist.pipeline.runs import pause_run

    client, line = await _found(place, run)
    await pause_run(client, line)
    return line


@click.command()
@click.argument("run")
@click.argument("agent")
@click.argument("text")
@with_options(SERVER_OPTIONS)
def tell(run: str, agent: str, text: str, **flags: Any) -> None:
    """Say TEXT to an AGENT that is at work in RUN; it reads it in its next turn."""
    line = asyncio.run(_told(place_of(flags), run, agent, text))
    click.echo(f"the {agent} of run {line.run_id} reads it in its next turn", err=True)


async def _told(place: Place, run: str, agent: str, text: str) -> RunLine:
    from archaeologist.pipeline.runs import tell_run

    client, line = await _found(place, run)
    await place.ensure_worker()
    await tell_run(client, line, agent, text)
    return line


@click.command()
@click.argument("run", required=False)
@click.option("--deny", metavar="REASON", help="Say no, and why; the agent reads it.")
@with_options(SERVER_OPTIONS)
def approve(run: str | None, deny: str | None, **flags: Any) -> None:
    """Allow what RUN, or the one of this repository, waits for; or refuse it with --deny."""
    line, what = asyncio.run(_decided(place_of(flags), run, deny))
    click.echo(f"{'refused' if deny is not None else 'allowed'} in run {line.run_id}: {what}", err=True)


async def _decided(place: Place, run: str | None, deny: str | None) -> tuple[RunLine, str]:
    from archaeologist.pipeline.runs import decide_run

    client, line = await _found(place, run)
    await place.ensure_worker()
    return line, await decide_run(client, line, deny)


@click.command()
@click.argument("run", required=False)
@click.option("--tokens", type=click.IntRange(min=1), help="Tokens the run may use in all.")
@click.option("--usd", type=click.FloatRange(min=0, min_open=True), help="Dollars it may cost in all.")
@click.option("--answers", type=click.IntRange(min=1), help="Answers of models it may use in all.")
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), help="Seconds its agents may judge.")
@with_options(SERVER_OPTIONS)
def budget(
    run: str | None, tokens: int | None, usd: float | None, answers: int | None, seconds: float | None, **flags: Any
) -> None:
    """Set the budget of RUN, or the one of this repository, anew; when it was used up, the run goes on."""
    from archaeologist.domain.budget import Budget

    limits = Budget(tokens=tokens, usd=usd, turns=answers, seconds=seconds)
    if limits == Budget():
        raise UsageError("no limit is named", hint="pass `--tokens`, `--usd`, `--answers` or `--seconds`")
    line = asyncio.run(_budgeted(place_of(flags), run, limits))
    click.echo(f"run {line.run_id} may use more now", err=True)


async def _budgeted(place: Place, run: str | None, limits: Budget) -> RunLine:
    from archaeologist.pipeline.runs import raise_budget

    client, line = await _found(place, run)
    await place.ensure_worker()
    await raise_budget(client, line, limits)
    return line


@click.command()
@click.argument("run", required=False)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--force", is_flag=True, help="Also when the run no longer answers.")
@with_options(SERVER_OPTIONS)
def cancel(run: str | None, yes: bool, force: bool, **flags: Any) -> None:
    """Give RUN, or the one of this repository, up. Commits that it made stay on its branch."""
    line = asyncio.run(_cancel(place_of(flags), run, yes=yes, force=force))
    if line is None:
        click.echo("nothing is cancelled; the run goes on", err=True)
    else:
        click.echo(f"run {line.run_id} is cancelled; {removal(line)}", err=True)


async def _cancel(place: Place, run: str | None, *, yes: bool, force: bool) -> RunLine | None:
    from archaeologist.pipeline.runs import cancel_run, wait_until_closed

    client, line = await _found(place, run)
    if not line.state.is_open:
        raise RunError(f"run {line.run_id} is {line.state}", hint="only an open run can be cancelled")
    if not yes and not sys.stdin.isatty():
        raise UsageError("a run is given up only when somebody confirms it", hint="pass `--yes`")
    if not yes and not click.confirm(f"Give up run {line.run_id} of {line.repository}?", err=True):
        return None
    if not force:
        # Somebody must be there to tidy up.
        await place.ensure_worker()
    await cancel_run(client, line, force=force)
    await wait_until_closed(client, line)
    return line


async def _found(place: Place, run: str | None) -> tuple[Client, RunLine]:
    from archaeologist.pipeline.runs import find_run

    client = await place.connect(start=True)
    return client, await find_run(client, run, workflow_id_here())
