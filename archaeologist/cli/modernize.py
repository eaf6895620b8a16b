"""`archaeologist modernize`: start a run, or attach to the one that is open, and follow it."""

from __future__ import annotations

import asyncio
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from archaeologist.cli import exits
from archaeologist.cli.display import Display, display_of, screen_options, show_run
from archaeologist.cli.follow import interruptible, leaving
from archaeologist.cli.options import DISPLAY_OPTIONS, SERVER_OPTIONS, Place, place_of, with_options
from archaeologist.cli.unused import unused
from archaeologist.domain.run import RunState
from archaeologist.errors import BranchTaken, NotARepository, UsageError
from archaeologist.pipeline.consent import how_run, is_trusted, trust
from archaeologist.pipeline.intake import Intake, check_path, find_repository, take_in
from archaeologist.pipeline.judging import judgement_of, require_keys
from archaeologist.reporting.jsonlines import run_json
from archaeologist.settings import load_settings
from archaeologist_tools.git.branch import owner, tip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist.domain.events import RunLine
    from archaeologist.domain.run import RunRequest
    from archaeologist.settings import Settings
    from archaeologist_tools.git.repository import Location


@click.command()
@click.argument("path", default=".")
@click.option("--branch", help="Name of the result branch.")
@click.option("--target-version", help="Lowest Python version of what is written, e.g. py311.")
@click.option("--rules", help="Rule codes, names or families, separated by commas.")
@click.option("--exclude", multiple=True, help="Files to leave alone, as in .gitignore. May be given again.")
@click.option("--test-command", help="How the project's tests are run; naming it is consent to run it.")
@click.option("--test-timeout", type=float, help="Seconds one test run may take.")
@click.option("--python", help="The Python that runs the project's tests.")
@click.option("--trust-tests/--no-tests", default=None, help="Run the project's own tests, or not, without asking.")
@click.option("--model", help="Who answers the agents: offline, openai:NAME, http://HOST:PORT/v1#NAME.")
@click.option("--offline", is_flag=True, default=None, help="Let nothing leave this machine.")
@click.option("--budget-tokens", type=click.IntRange(min=1), help="Tokens the run may use before it pauses.")
@click.option("--budget-usd", type=click.FloatRange(min=0, min_open=True), help="Dollars it may cost before it pauses.")
@click.option("--approve", type=click.Choice(["none", "plan", "phase", "item"]), help="What to ask you before.")
@click.option("--trust-skills", is_flag=True, default=None, help="Let agents read .archaeologist/skills.")
@click.option("--record", type=click.Path(file_okay=False), help="Record every answer of a model in this folder.")
@click.option("--replay", type=click.Path(file_okay=False), help="Take the answers from such a folder.")
@click.option("--init", is_flag=True, help="Make the folder a git repository with a first commit.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@with_options(DISPLAY_OPTIONS)
@click.option("--detach", is_flag=True, help="Start the run and return.")
@with_options(SERVER_OPTIONS)
def modernize(path: str, **flags: Any) -> int:
    """Survey, rewrite, document and verify PATH; the result is a git branch.

    PATH is a repository, a folder in one (then only that folder is modernized) or, with --init, a plain folder.
    The checkout, the index and the current branch are never touched.
    """
    from archaeologist_tools.engine.registry import check_plugins, select_rules

    check_plugins()
    location = _location(check_path(path), flags)
    settings = load_settings(_configured(flags), location.root)
    rules = settings.get("rules")
    codes = tuple(rule.code for rule in select_rules(",".join(rules))) if rules else ()
    record = str(Path(flags["record"]).resolve()) if flags["record"] else ""
    intake = take_in(location, settings, codes, record=record)
    if flags["dry_run"]:
        from archaeologist.cli.dryrun import dry_run

        return dry_run(intake, as_json=flags["as_json"])
    place = place_of(flags, settings)
    if place.server.embedded:
        # Workers of another server may be elsewhere, with keys that nobody here has.
        require_keys(judgement_of(settings), os.environ)
    # Nobody is asked for the sake of a run that cannot be.
    intake = intake.with_tests(run=_tests_agreed(place, intake, settings, flags))
    return interruptible(_run(place, intake, flags))


def _location(path: Path, flags: dict[str, Any]) -> Location:
    if not (flags["init"] and flags["dry_run"]):
        return find_repository(path, init=flags["init"])
    try:
        return find_repository(path, init=False)
    except NotARepository as error:
        raise UsageError(
            f"{error}, and --dry-run writes nothing, so it does not make one", hint="leave one of the two options out"
        ) from error


def _configured(flags: dict[str, Any]) -> dict[str, object]:
    names = (
        "branch",
        "target_version",
        "exclude",
        "test_command",
        "test_timeout",
        "python",
        "trust_tests",
        "model",
        "offline",
        "budget_tokens",
        "budget_usd",
        "approve",
        "trust_skills",
        "state_dir",
    )
    values: dict[str, object] = {name.replace("_", "-"): flags[name] for name in names}
    if flags["replay"]:
        if flags["model"]:
            raise UsageError("--replay takes the answers from a folder, so there is no --model to ask")
        values["model"] = f"recorded:{Path(flags['replay']).resolve()}"
    if flags["rules"]:
        values["rules"] = tuple(part.strip() for part in flags["rules"].split(",") if part.strip())
    return values


def _tests_agreed(place: Place, intake: Intake, settings: Settings, flags: dict[str, Any]) -> bool:
    """Return whether the project's tests may be run: told so, agreed earlier, or asked for now."""
    told, common_dir = settings.get("trust-tests"), intake.location.common_dir
    if told is None and (flags["test_command"] or is_trusted(place.state, common_dir)):
        told = True
    can_ask = sys.stdin.isatty() and not flags["as_json"]
    if told is None and can_ask and not (place.may_have_runs and asyncio.run(_has_begun(place, intake))):
        told = _asked_for_tests(place, intake.location, settings, display_of(flags))
    if told and flags["trust_tests"] is not False:
        trust(place.state, common_dir)
    return bool(told)


async def _has_begun(place: Place, intake: Intake) -> bool:
    """Whether there is a run to attach to, about which a person was asked when it began."""
    from archaeologist.pipeline.source import LiveSource

    source = LiveSource(await place.connect(start=True))
    at_work = [line for line in await source.runs() if line.workflow_id == intake.workflow_id and line.state.is_open]
    return bool(at_work) or await _run_of_branch(source, intake) is not None


def _asked_for_tests(place: Place, location: Location, settings: Settings, display: Display) -> bool:
    if display.output != "screens":
        question = f"Run the tests of {location.root} before and after? They are the project's own code"
        return click.confirm(question, default=True, err=True)
    from archaeologist_tui.consent import ask_for_consent

    options = screen_options(place.settings, mouse=display.mouse)
    how = partial(how_run, location.root, settings.get("test-command"), settings.get("python"))
    agreed = asyncio.run(ask_for_consent(str(location.root), how, options))
    if agreed is None:
        click.echo("no run was begun", err=True)
        raise click.Abort
    return agreed


async def _run(place: Place, intake: Intake, flags: dict[str, Any]) -> int:
    client = await place.connect(start=True)
    from archaeologist.pipeline.runs import start_run
    from archaeologist.pipeline.source import LiveSource

    source, detached = LiveSource(client), flags["detach"]
    display = display_of({**flags, "no_tui": flags["no_tui"] or detached})
    line, is_new, working = await _run_of_branch(source, intake), False, None
    if line is None:
        # The worker starts while the server takes the run in.
        working = asyncio.create_task(place.ensure_worker())
        line, is_new = await start_run(client, intake)
    with leaving(line):
        is_attached = line.state.is_open and not is_new
        notice = await unused(source, line, intake.request, flags) if is_attached else []
        _greet(intake, line, display, () if is_new else [_found(intake, line), *notice])
        if line.state.is_open and display.output in {"text", "plain"}:
            click.echo(_WATCHED if detached else _LEFT, err=True)
        if working is not None:
            await working
        elif line.state.is_open:
            await place.ensure_worker()
    if detached:
        click.echo(run_json(line) if flags["as_json"] else line.run_id)
        return exits.DONE
    return await show_run(place, client, line, display, keep_alive=line.state.is_open, aside=True, notice=notice)


async def _run_of_branch(source: Any, intake: Intake) -> RunLine | None:
    """Return the run that the branch belongs to when there is one already; None when the branch is free.

    Raises:
        BranchTaken: it is not ours, or its run is not to be had any more.
    """
    git, branch = intake.location.git, intake.request.run.branch
    if tip(git, branch) is None:
        return None
    run_id = owner(git, branch)
    if run_id is None:
        raise BranchTaken(f"a branch {branch} exists and no run made it")
    for line in await source.runs():
        if line.run_id == run_id:
            if line.state in _ENDED:
                raise BranchTaken(
                    f"the branch {branch} belongs to run {run_id}, which {_ENDED[line.state]}",
                    hint=f"`archaeologist resume {run_id}` goes on with it; or delete the branch, or use another name",
                )
            return line  # type: ignore[no-any-return]
    raise BranchTaken(
        f"the branch {branch} was made by run {run_id}, which this state directory does not know",
        hint=f"choose another name with `--branch`, or delete it with `git branch -D {branch}`",
    )


_ENDED = {RunState.FAILED: "failed", RunState.CANCELLED: "was cancelled"}


_LEFT = "leave with Ctrl-C, the run goes on; `archaeologist watch` comes back"
_WATCHED = "the run goes on by itself; `archaeologist watch` shows it"


def _greet(intake: Intake, line: RunLine, display: Display, found: Sequence[str]) -> None:
    """Say what was begun, or in which run that there is already."""
    if display.output == "json":
        return
    for text in found or _begun(intake.request, line):
        click.echo(text, err=True)


def _begun(request: RunRequest, line: RunLine) -> Iterator[str]:
    yield (
        f"run {line.run_id}  {request.run.root}  branch {line.branch}  "
        f"written for {request.target} ({request.target_origin})"
    )
    yield from (f"note: {note}" for note in request.notes)


def _found(intake: Intake, line: RunLine) -> str:
    if line.state.is_open:
        return f"run {line.run_id} of this repository is {line.state}: attached to it"
    return (
        f"run {line.run_id} has made the branch {line.branch} already; to start anew give another name with "
        f"`--branch`, or delete it with `git -C {intake.location.root} branch -D {line.branch}`"
    )
