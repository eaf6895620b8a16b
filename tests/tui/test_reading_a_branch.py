"""A branch is read in a real terminal, which is given to the person's editor and comes back."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from support.commandline import CommandLine
from support.embedded import scratch_state
from support.tmux import terminal

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")

EDITOR = """\
#!/bin/sh
clear
echo begun >> "$0.begun"
echo "time $(grep -c begun "$0.begun") at $1"
basename "$2"
test -w "$2" && test "$(id -u)" != 0 && echo writable
sed -n "${1#+}p" "$2"
echo "press enter"
read line
"""


def test_the_editor_has_the_terminal_and_gives_it_back(tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text(EDITOR)
    editor.chmod(0o755)
    with scratch_state(tmp_path / "state") as state:
        program = CommandLine.beside(state)
        with terminal(tmp_path, program.environment(EDITOR="./editor"), (110, 32)) as person:
            person.type(" ".join([*program.command, "demo"]), "Enter")
            person.until("recorded run")
            person.type("E")
            person.until("✓ DONE")
            person.type("v")
            person.until("Look at these first")
            person.type("w", "]")
            person.until("hunk 2 of 5")
            person.type("e")
            seen = person.until("time 1 at +", "models.py", "press enter")
            assert "return f'{self.__class__.__name__}({self.sku!r}, {self.name!r})'" in seen
            assert "writable" not in seen
            person.type("Enter")
            person.until("that was a copy", "Look at these first", "line 58  class Item:")
            person.type("l")
            person.until("3 Left alone")
            person.type("e")
            person.until("time 2 at +", "press enter")
            person.type("Enter")
            person.until("that was a copy")
            person.type("e")
            person.until("time 3 at +", "press enter")  # the terminal still shows what it did the time before
            person.type("C-c")
            person.until("exit code", "3 Left alone")
            editor.unlink()
            person.type("e")
            person.until("cannot be", "set EDITOR", "3 Left alone")
            person.type("q")
            person.until("was recorded elsewhere")
