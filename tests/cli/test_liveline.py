from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from archaeologist.cli.liveline import CLEAR_LINE, LiveLine
from archaeologist.domain.events import StepScheduled
from archaeologist.domain.names import Role
from archaeologist.domain.view import RunView, reduce

if TYPE_CHECKING:
    import pytest

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
BEGIN = NOW - timedelta(seconds=65)
VIEW = reduce(
    RunView(started=BEGIN, files=12), StepScheduled(BEGIN, Role.ARCHAEOLOGIST, "w", 1, "survey-1", "survey-batch", "s")
)


def test_the_live_line_stays_below_what_is_finished(capsys: pytest.CaptureFixture[str]) -> None:
    live = LiveLine(enabled=True)
    live.update(VIEW, NOW)
    live.print("done", err=True)
    live.clear()
    text = capsys.readouterr().err
    shown = text.split(CLEAR_LINE)[1]
    assert re.match(r"running  open  01:05  12 files", shown)
    assert shown.endswith("survey-1")
    assert text == f"{CLEAR_LINE}{shown}{CLEAR_LINE}done\n{CLEAR_LINE}{shown}{CLEAR_LINE}"


def test_without_a_terminal_only_finished_lines_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    live = LiveLine(enabled=False)
    live.update(VIEW, NOW)
    live.print("done", err=False)
    live.clear()
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("done\n", "")


def test_the_live_line_fits_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    LiveLine(enabled=True).update(VIEW, NOW)
    assert len(capsys.readouterr().err.removeprefix(CLEAR_LINE)) == 29
