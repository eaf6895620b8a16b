"""Records the histories that replay tests need: a finished run, one in the middle, one with a model, side by side, too.

    python tests/recorded/record.py
    python tests/recorded/record.py parallel
    python tests/recorded/record.py demo

The last one is the run that `archaeologist demo` plays.

Do this after a change of workflow code that is meant to be incompatible with open runs, and say so in the changelog.
Histories of older versions stay beside the new ones as long as their runs may still be open.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from typing import TYPE_CHECKING

from archaeologist import __version__
from archaeologist.boundaries import VARIABLE
from archaeologist.domain.names import Role
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings
from support.commandline import CommandLine
from support.embedded import scratch_state, wait_until
from support.model_server import ModelServer
from support.modernist import well
from support.recordings import DEMO
from support.repositories import make_repository
from support.talker import Talker
from support.team import Team, make_project

if TYPE_CHECKING:
    from collections.abc import Container

    from archaeologist.temporal.state import StateDirectory
    from support.commandline import Done

HERE = Path(__file__).parent
PATIENCE = 90.0
READING_SECONDS = 3.0
"""How long a person looks at what is asked; the demo shows it for as long."""
PRICES = '[[price]]\nmodels = ["scripted-model"]\ninput = 1.25\noutput = 10\n'


async def save(state: StateDirectory, folder: Path, roles: Container[str] = tuple(Role)) -> None:
    """Write the histories of a state directory's workflows, without the paths of this machine."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    client = await connect(ServerSettings(), state, start=False, plugins=[plugin()])
    async for execution in client.list_workflows():
        if execution.workflow_type not in roles:
            continue
        handle = client.get_workflow_handle(execution.id, run_id=execution.run_id)
        history = json.loads((await handle.fetch_history()).to_json())
        text = json.dumps(history, indent=1).replace(str(state.path.parent), "/scratch")
        text = re.sub(r'"identity": "[^"]*"', '"identity": "worker"', text)
        (folder / f"{execution.workflow_type}.json").write_text(text + "\n", encoding="utf-8")


def record(folder: Path) -> None:
    """Record a run that is stopped at its first commit, and then the same run to its end."""
    boundaries = folder / "boundaries"
    boundaries.mkdir()
    (boundaries / "commit-after").touch()
    with scratch_state(folder / "state") as state:
        program = CommandLine.beside(state, **{VARIABLE: str(boundaries)})
        repository = make_repository("inventory", folder / "inventory")
        started = program.run("modernize", repository, "--trust-tests", "--branch", "modern", "--detach")
        if started.code:
            raise SystemExit(started.stderr)
        wait_until(lambda: any(boundaries.glob("commit-after.hit-*")), "the first commit")
        asyncio.run(save(state, HERE / __version__ / "interrupted"))
        shutil.rmtree(boundaries)
        watched = program.run("watch", started.stdout.strip())
        if watched.code:
            raise SystemExit(watched.stderr)
        asyncio.run(save(state, HERE / __version__ / "finished"))


def record_judged(folder: Path) -> None:
    """Record a short run in which a scripted model judges."""
    with scratch_state(folder / "state") as state, ModelServer(well) as server:
        program = CommandLine.beside(state, ARCHAEOLOGIST_ITEMS="3")
        repository = make_repository("inventory", folder / "inventory")
        options = ("--trust-tests", "--branch", "modern", "--model", server.model)
        done = program.run("modernize", repository, *options)
        if done.code:
            raise SystemExit(done.stderr)
        asyncio.run(save(state, HERE / __version__ / "judged"))


def record_parallel(folder: Path) -> None:
    """Record a modernizer that works on items side by side, and has to do one again as another changed its file."""
    with scratch_state(folder / "state") as state:
        program = CommandLine.beside(state)
        repository = make_project(folder / "project")
        team = Team(state.path, repository)
        team.may_end.set()
        with ModelServer(team) as server:
            options = ("--no-tests", "--branch", "modern")
            done = program.run("modernize", repository, *options, ARCHAEOLOGIST_MODEL_MODERNIZER=server.model)
        if done.code:
            raise SystemExit(done.stderr)
        asyncio.run(save(state, HERE / __version__ / "parallel", (Role.MODERNIZER,)))


def record_demo(folder: Path) -> None:
    """Record what `archaeologist demo` plays: a run with a model that talks, an approval, a pause, and trouble."""
    with scratch_state(folder / "state") as state, ModelServer(Talker()) as server:
        program = CommandLine.beside(state, ARCHAEOLOGIST_ITEMS="3")
        repository = make_repository("inventory", folder / "inventory")
        (program.home / "prices.toml").write_text(PRICES)
        options = ("--trust-tests", "--branch", "archaeologist/demo", "--approve", "plan", "--budget-usd", "0.25")
        model = f"{server.url}#scripted-model"
        run_id = checked(program.run("modernize", repository, *options, "--model", model, "--detach")).strip()
        wait_until(lambda: "an approval" in paused(program, run_id), "the plan is shown", PATIENCE)
        time.sleep(READING_SECONDS)
        checked(program.run("approve", run_id))
        seen = "commit: Use f-strings in stockroom/models.py"
        wait_until(lambda: seen in program.run("runs", "log", run_id).stdout, "a model's commit", PATIENCE)
        checked(program.run("pause", run_id))
        wait_until(lambda: "a person asked" in paused(program, run_id), "the run is paused", PATIENCE)
        time.sleep(READING_SECONDS)
        checked(program.run("tell", run_id, "modernizer", "Leave the journal's format alone, other programs read it"))
        checked(program.run("resume", run_id, "--detach"))
        checked(program.run("watch", run_id))
        DEMO.unlink(missing_ok=True)
        checked(program.run("runs", "export", run_id, DEMO))


def paused(program: CommandLine, run_id: str) -> str:
    """Return what a run waits for a person for, or nothing."""
    (line,) = (record for record in program.run("runs", "list", "--json").records if record["run_id"] == run_id)
    return str(line["paused"])


def checked(done: Done) -> str:
    """Return what a command printed."""
    if done.code:
        raise SystemExit(done.stderr)
    return done.stdout


PARTS = {"run": record, "judged": record_judged, "parallel": record_parallel, "demo": record_demo}

if __name__ == "__main__":
    for name in sys.argv[1:] or PARTS:
        with tempfile.TemporaryDirectory() as scratch:
            PARTS[name](Path(scratch))
