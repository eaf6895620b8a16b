"""The full screen in a real terminal: begun, left, come back to, its worker killed, answered, and its branch read."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from archaeologist.boundaries import VARIABLE
from support.commandline import CommandLine
from support.embedded import kill_server, kill_worker, scratch_state, wait_until
from support.repositories import git, make_repository
from support.tmux import terminal

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")


def test_a_run_is_begun_left_come_back_to_brought_back_and_read(tmp_path: Path) -> None:
    boundaries = tmp_path / "boundaries"
    boundaries.mkdir()
    (boundaries / "commit-after").touch()
    repository = make_repository("inventory", tmp_path / "inventory")
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state, **{VARIABLE: str(boundaries)})
        archaeologist = " ".join(program.command)
        with terminal(repository, program.environment()) as person:
            person.type(f"{archaeologist} modernize --approve plan --branch modern", "Enter")
            person.until("Run the tests of", "y runs them")
            person.type("y")
            asked = person.until("1 Agents", "waits for you:", "a allows it, r refuses it")
            assert "PAUSED" in asked
            assert program.run("runs", "list", "--json").records[0]["paused"].startswith("plan waits")

            person.type("q")
            left = person.until("waits for you: the plan", "to answer", "come back", "give it up")
            (run,) = re.findall(r"^run (\w+) waits for you", left, re.MULTILINE)
            assert f"`archaeologist approve {run}` allows it" in left.replace("\n", "")
            person.type("clear", "Enter", f"{archaeologist} watch {run}", "Enter")
            person.until("1 Agents", "waits for you:")

            person.type("a")
            person.until("RUNNING", "▸ run  modernizer")
            wait_until(lambda: any(boundaries.glob("commit-after.hit-*")), "the first commit")
            kill_worker(state)
            person.until(
                "no worker is alive; in flight: modernizer commit-rewrite-", "press R to start one", seconds=10
            )
            shutil.rmtree(boundaries)
            person.type("R")
            person.until("✓ DONE", seconds=90)

            person.type("v")
            person.until("hunks:", "1 Commits", "Drop the base class", "proved")
            person.type("Escape")
            person.until("1 Agents")
            person.type("t")
            person.until("Modernized for Python", "branch      modern")
            person.type("q")
            person.until("see it     git -C", "drop it    git -C")


def test_nobody_is_asked_for_the_sake_of_a_run_that_cannot_be(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "empty")
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state)
        with terminal(tmp_path / "empty", program.environment()) as person:
            person.type(f"{' '.join(program.command)} modernize", "Enter")
            person.until("has no commit yet", "hint: commit your files first")


def test_nobody_is_asked_again_about_a_run_that_goes_on_and_what_it_does_not_use_is_said(tmp_path: Path) -> None:
    repository = make_repository("inventory", tmp_path / "inventory")
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state)
        begun = program.run("modernize", repository, "--no-tests", "--approve", "plan", "--detach")
        with terminal(repository, program.environment()) as person:
            person.type(f"{' '.join(program.command)} modernize", "Enter")
            run = begun.stdout.strip()
            assert "not used" not in person.until(f"run {run}", "waits for you:")
            person.type("q")
            person.until("come back")
            person.type("clear", "Enter", f"{' '.join(program.command)} modernize --rules AR020", "Enter")
            person.until(
                "1 Agents", "not used:", "--rules AR020: it began with all rules", f"archaeologist cancel {run}"
            )


def test_a_person_who_is_needed_is_told_and_closing_the_window_leaves_the_run_alone(tmp_path: Path) -> None:
    repository = make_repository("inventory", tmp_path / "inventory")
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state)
        sent = tmp_path / "sent"
        with terminal(repository, program.environment(ARCHAEOLOGIST_NOTIFY="bell,osc9,osc777")) as person:
            person.record(sent)
            words = f"{' '.join(program.command)} modernize --no-tests --approve plan --branch modern"
            person.type(words, "Enter")
            person.until("plan waits for you:")
            (line,) = program.run("runs", "list", "--json").records
            assert person.title == f"PAUSED inventory {line['run_id']}"
            title, body = "inventory waits for you", f"run {line['run_id']}: the plan: rewrite for Python 3.8"
            wait_until(lambda: f"\x07\x1b]9;{title}: {body}".encode() in sent.read_bytes(), "the terminal is told")
            assert f"\x1b]777;notify;{title};{body}".encode() in sent.read_bytes()
            person.type("Escape")
            person.until("Runs: 1")
            wait_until(lambda: person.title == "Runs: 1, 1 waiting for you", "the window is about the runs")
            person.close()
        (line,) = program.run("runs", "list", "--json").records
        assert line["state"] == "paused"
        assert program.run("approve", line["run_id"]).code == 0
        assert program.run("watch", line["run_id"]).code == 0


def test_a_server_that_goes_away_spoils_nothing_on_the_screen(tmp_path: Path) -> None:
    repository = make_repository("inventory", tmp_path / "inventory")
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state)
        sent = tmp_path / "sent"
        with terminal(repository, program.environment()) as person:
            person.record(sent)
            words = f"{' '.join(program.command)} modernize --no-tests --approve plan --branch modern"
            person.type(words, "Enter")
            person.until("plan waits for you:")
            kill_server(state)
            person.until("the server is gone; what is done is kept:", "R Start", seconds=10)
            # By then the SDK has something to say of what it tried in vain.
            wait_until(lambda: re.search(r"\b(1[5-9]|2\d) s ago", person.screen()) is not None, "some time has passed")
            person.type("R")
            person.until("plan waits for you:", seconds=60)
            person.type("q")
            person.until("come back")
        assert b"WARN" not in sent.read_bytes()
