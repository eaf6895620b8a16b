"""The demo in a real terminal: a run to look at in every pane, with nothing to install or start."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from support.commandline import CommandLine
from support.embedded import processes, scratch_state
from support.tmux import terminal

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")

COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:[349][0-7]|10[0-7]|[34]8;[\d;]+)(?:;\d+)*m")
"""Asks the terminal for a colour: SGR of ECMA-48, section 8.3.117, with the bright and indexed ones of xterm."""
MOUSE_ON = b"\x1b[?1000h"
"""Asks the terminal to report clicks: VT200 mouse of xterm's control sequences."""


@pytest.mark.parametrize("size", [(60, 18), (120, 36)])
def test_a_newcomer_plays_the_demo_and_looks_around(size: tuple[int, int], tmp_path: Path) -> None:
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state)
        with terminal(tmp_path, program.environment(), size) as person:
            person.type(" ".join([*program.command, "demo", "--speed", "4"]), "Enter")
            person.until("recorded run", "▸ plays", "at 4x")
            person.type("+")
            person.until("at 8x")
            person.type("p")
            person.until("stands still")
            person.type("E")
            person.until("at its end", "✓ DONE")
            person.type("5")
            person.until("turn 1")
            person.type("6")
            person.until("621 findings")
            person.type("v")
            person.until("hunks", "Look at these first")
            person.type("Escape")
            person.until("recorded run")
            person.type("q")
            person.until("was recorded elsewhere")
        assert not processes(state, "worker")
        assert not any(state.server.iterdir())


def test_without_colours_none_is_sent_to_the_terminal(tmp_path: Path) -> None:
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state)
        sent = tmp_path / "sent"
        with terminal(tmp_path, program.environment(NO_COLOR="1")) as person:
            person.record(sent)
            person.type(" ".join([*program.command, "demo"]), "Enter")
            person.until("recorded run", "▸ plays")
            person.type("E", "3", "v")
            person.until("1 Commits", "hunk 1 of")
            person.type("q")
            person.until("was recorded elsewhere")
        assert not COLOUR.findall(sent.read_bytes())


@pytest.mark.parametrize(("options", "asks"), [((), True), (("--no-mouse",), False)])
def test_the_mouse_is_left_to_the_terminal_when_asked_for(options: tuple[str, ...], asks: bool, tmp_path: Path) -> None:
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state)
        sent = tmp_path / "sent"
        with terminal(tmp_path, program.environment()) as person:
            person.record(sent)
            person.type(" ".join([*program.command, "demo", *options]), "Enter")
            person.until("recorded run", "▸ plays")
            person.type("q")
            person.until("was recorded elsewhere")
        assert (MOUSE_ON in sent.read_bytes()) is asks
