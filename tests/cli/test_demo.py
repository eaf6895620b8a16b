"""Recording a run and playing it: whole, without a server, and with nothing of the machine in it."""

from __future__ import annotations

import base64
import json
import re
import socket
from typing import TYPE_CHECKING, Any

from archaeologist.cli import exits
from archaeologist.cli.ending import whole_result
from archaeologist.domain.run import RunState
from archaeologist.domain.view import viewed
from archaeologist.pipeline.recordings.files import opened
from archaeologist.temporal.state import StateDirectory
from support.embedded import processes, wait_until
from support.projects import gated, project
from support.repositories import git

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archaeologist.pipeline.recordings.source import RecordedSource
    from support.commandline import CommandLine

KEY = "sk-proj-0123456789abcdefghij"


def said(folder: Path) -> str:
    """All that a recording's histories and artefacts say, payloads decoded."""
    found = [path.read_text() for path in (folder / "artefacts").rglob("*") if path.is_file()]
    for path in folder.glob("*.json"):
        found += [path.read_text(), *decoded(json.loads(path.read_text()))]
    return "\n".join(found)


def decoded(value: Any) -> Iterator[str]:
    """The texts of a history's payloads."""
    if isinstance(value, dict) and "metadata" in value and "data" in value:
        yield base64.b64decode(value["data"]).decode()
        return
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from decoded(each)


async def test_a_run_is_recorded_and_played_without_a_server(
    cli: CommandLine, alone: CommandLine, tmp_path: Path
) -> None:
    repository = project(cli.home / "project", {"notes.py": f"# in {cli.home}\nKEY = '{KEY}'\n"})
    (repository / "past.txt").write_text("what is on no branch is nobody's business\n")
    git(repository, "checkout", "--quiet", "-b", "secret")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "-m", "Keep to myself")
    git(repository, "checkout", "--quiet", "main")
    options = ("--trust-tests", "--branch", "result")
    run_id = cli.run("modernize", repository, *options, "--detach", OPENAI_API_KEY=KEY).stdout.strip()
    watched = cli.run("watch", run_id, "--plain")
    destination = tmp_path / "recording.zip"
    exported = cli.run("runs", "export", run_id, destination, OPENAI_API_KEY=KEY)
    assert exported.code == exits.DONE, exported.stderr
    assert "your code at the base and on the branch" in exported.stderr.splitlines()[0]
    again = cli.run("runs", "export", run_id, destination)
    assert (again.code, again.error) == (exits.USAGE, f"{destination} is there already")

    played = alone.run("demo", destination, "--speed", "1000", "--plain")
    assert played.code == exits.DONE, played.stderr
    neutral = watched.stdout.replace(str(repository), "/repositories/project")
    assert sorted(played.stdout.splitlines()) == sorted(neutral.splitlines()), "histories may come one before the other"
    assert not processes(StateDirectory(alone.state))

    with opened(destination) as source:
        text = said(source.folder)
        for telling in (str(cli.home), str(cli.state), str(repository), f"@{socket.gethostname()}", KEY):
            assert telling not in text, telling
        assert set(re.findall(r'"identity": ?"([^"]*)"', text)) == {"worker"}
        bare = source.folder / "repository.git"
        kept, real = (git(path, "log", "--format=%H %B", "result") for path in (bare, repository))
        assert kept == real
        assert git(bare, "rev-list", "--all", "--count", "--grep", "Keep to myself") == "0"
        assert "nobody's business" not in git(bare, "cat-file", "--batch", "--batch-all-objects")


async def test_an_open_run_is_recorded_as_far_as_it_is(cli: CommandLine, tmp_path: Path) -> None:
    waiting = gated(tmp_path)
    run_id = cli.run("modernize", waiting.path, "--trust-tests", "--branch", "result", "--detach").stdout.strip()
    wait_until(waiting.arrived.exists, "the tests wait at the gate")
    exported = cli.run("runs", "export", run_id, tmp_path / "recording")
    waiting.open()
    assert exported.code == exits.DONE, exported.stderr
    with opened(tmp_path / "recording") as source:
        (line,) = await source.runs()
        assert (line.state, line.ended) == (RunState.RUNNING, None)
        assert "tests-base" in {pending.step for pending in await source.pending(line)}
        assert git(source.folder / "repository.git", "rev-parse", "result^{tree}")
    assert cli.run("watch", run_id).code == exits.DONE


def test_a_run_whose_repository_is_gone_is_recorded_without_it(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path / "project")
    run_id = cli.run("modernize", repository, "--no-tests", "--detach").stdout.strip()
    assert cli.run("watch", run_id).code == exits.DONE
    repository.rename(tmp_path / "elsewhere")
    exported = cli.run("runs", "export", run_id, tmp_path / "recording")
    assert exported.code == exits.DONE, exported.stderr
    assert "without the repository: the repository of" in exported.stderr
    with opened(tmp_path / "recording") as source:
        assert source.request.run.run_id == run_id
        assert not source.data(source.request).git_dir.exists()


def test_a_recording_cannot_be_made_where_something_is(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    for name, error in (("full", "is there already"), ("none/recording", "is no folder")):
        done = cli.run("runs", "export", "00000000", tmp_path / name)
        assert done.code == exits.USAGE
        assert done.error.endswith(error)


def test_the_shipped_run_is_played_when_none_is_named(alone: CommandLine, tmp_path: Path) -> None:
    done = alone.run("demo", "--speed", "1000", "--json")
    assert done.code == exits.DONE, done.stderr
    assert [done.records[0]["event"], done.records[-1]["event"]] == ["AgentStarted", "Result"]
    assert done.records[-1]["result"]["verdict"] == "good"
    assert done.stderr.endswith(
        "\nrun bb4c8d16 was recorded elsewhere: type `archaeologist demo --list` instead of "
        "`archaeologist runs show bb4c8d16 --list`; `archaeologist modernize` starts a run of your own\n"
    )
    assert not any((alone.state / "runs").iterdir())
    left = alone.run("demo", "--list", "left-alone")
    assert left.code == exits.DONE, left.stderr
    assert "setup.py:5: AR012 use-pathlib, escapes-stored: the path is stored as text\n" in left.stdout


def test_the_end_tells_of_as_much_that_was_left_alone_as_the_list_does(demo_run: RecordedSource) -> None:
    view = viewed(demo_run.recorded)
    assert "91 places and 4 files; each with" in whole_result(view, demo_run.data(demo_run.request).artefacts)
    assert "91 places; each with" in whole_result(view, None)


def test_a_run_that_was_recorded_on_its_way_is_played_so_far(
    alone: CommandLine, demo_in_the_middle: RecordedSource
) -> None:
    done = alone.run("demo", demo_in_the_middle.folder, "--speed", "1000", "--plain")
    assert done.code == exits.DONE, done.stderr
    assert "modernizer     run   make texts readable" in done.stdout
    assert "think (turn 1, scripted-model): 1 call, 1,230 tokens, $0.002; read\n" in done.stdout
    assert "read(path=" not in done.stdout, "its turn has told it"
    assert "the recording was made here; the run was running" in done.stderr


def test_what_is_no_recording_is_told(alone: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_text("x")
    for arguments, code in ((["demo", "x.zip"], exits.CANNOT_RUN), (["demo", "--speed", "0"], exits.USAGE)):
        done = alone.run(*arguments, cwd=tmp_path)
        assert done.code == code
        assert done.error
        assert done.hint
