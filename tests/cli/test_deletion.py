"""Forgetting runs: everything of the one that is meant, and nothing of any other."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from temporalio.service import RPCError

from archaeologist.cli import exits
from archaeologist.domain.names import Role, agent_id
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings
from archaeologist.temporal.state import StateDirectory
from support.embedded import wait_until
from support.projects import gated, project
from support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path

    from support.commandline import CommandLine

AGENTS = (Role.ARCHAEOLOGIST, Role.MODERNIZER, Role.DOCUMENTER)


def finished(cli: CommandLine, repository: Path, branch: str) -> str:
    run_id = cli.run("modernize", repository, "--no-tests", "--branch", branch, "--detach").stdout.strip()
    assert cli.run("watch", run_id).code == exits.DONE
    return run_id


def listed(cli: CommandLine) -> set[str]:
    return {str(record["run_id"]) for record in cli.run("runs", "list", "--json").records}


async def agents_known(cli: CommandLine, run_id: str) -> set[Role]:
    client = await connect(ServerSettings(), StateDirectory(cli.state), start=False, plugins=[plugin()])
    known = set()
    for role in AGENTS:
        with suppress(RPCError):  # the server answers nothing but that there is none
            await client.get_workflow_handle(agent_id(run_id, role)).describe()
            known.add(role)
    return known


async def test_a_deleted_run_is_forgotten_and_no_other_of_its_repository(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path / "project")
    kept, meant = finished(cli, repository, "one"), finished(cli, repository, "two")
    artefacts = set((cli.state / "artefacts").rglob("*"))
    unsure = cli.run("runs", "delete", meant)
    assert (unsure.code, unsure.hint) == (exits.USAGE, "pass `--yes`")
    assert meant in listed(cli)
    done = cli.run("runs", "delete", meant, "--yes")
    assert done.code == exits.DONE, done.stderr
    assert f"`git -C {repository} branch -D two` removes what it made" in done.stderr
    assert listed(cli) & {kept, meant} == {kept}
    assert await agents_known(cli, meant) == set()
    assert await agents_known(cli, kept) == set(AGENTS)
    assert (cli.state / "runs" / kept).exists()
    assert not (cli.state / "runs" / meant).exists()
    assert not (cli.state / "answers" / meant).exists()
    assert artefacts <= set((cli.state / "artefacts").rglob("*"))
    assert git(repository, "rev-parse", "--verify", "two")
    assert cli.run("runs", "show", kept).code == exits.DONE
    again = cli.run("runs", "delete", meant, "--yes")
    assert (again.code, again.error) == (exits.CANNOT_RUN, f"there is no run {meant}")


def test_an_open_run_is_not_forgotten(cli: CommandLine, tmp_path: Path) -> None:
    waiting = gated(tmp_path)
    run_id = cli.run("modernize", waiting.path, "--trust-tests", "--detach").stdout.strip()
    wait_until(waiting.arrived.exists, "the tests wait at the gate")
    refused = cli.run("runs", "delete", run_id, "--yes")
    assert refused.code == exits.CANNOT_RUN
    assert (refused.error, refused.hint) == (
        f"run {run_id} is running",
        f"`archaeologist cancel {run_id}` gives it up",
    )
    assert run_id in listed(cli)
    assert cli.run("cancel", run_id, "--yes").code == exits.DONE
    assert cli.run("runs", "delete", run_id, "--yes").code == exits.DONE
    assert run_id not in listed(cli)
