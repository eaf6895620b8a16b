from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING

from archaeologist.cli import exits
from support.projects import project

if TYPE_CHECKING:
    from pathlib import Path

    from support.commandline import CommandLine


def test_lines_tell_at_once_that_a_model_does_not_answer_and_when_it_is_asked_again(
    alone: CommandLine, tmp_path: Path
) -> None:
    """By what people call the step, as the screen does; and not only once nothing has happened for half a minute."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        model = f"http://127.0.0.1:{nobody.getsockname()[1]}/v1#m"
        words = ("modernize", project(tmp_path / "project"), "--no-tests", "--model", model, "--plain")
        following = alone.start(tmp_path / "log", *words)
        following.wait_for(" failed: ")
    left = following.interrupt()
    told = re.search(r"  archaeologist +FAIL  (.*)", left.stderr)
    assert told is not None
    assert re.match(r"archaeologist: think \(turn 1.*\) failed: .*; attempt \d+ of \d+", told[1])
    assert left.stderr.count(" failed: ") == 1
    assert alone.run("cancel", "--yes", "--force").code == exits.DONE
