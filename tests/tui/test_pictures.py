"""Pictures of the screens at three widths and in three themes: whoever changes one looks at it before it is kept.

`pytest tests/tui/test_pictures.py --snapshot-update` takes them anew.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from archaeologist.domain.events import RunPaused
from archaeologist_tui.options import ScreenOptions
from support.recordings import cut
from support.screens import screens, until_shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion
    from textual.pilot import Pilot

    from archaeologist.pipeline.recordings.source import RecordedSource
    from archaeologist_tui.app import Left


STILL_SECONDS = 0.5


class Picture(SingleFileSnapshotExtension):
    """One SVG a test."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


class Scene(NamedTuple):
    """What is pictured.

    Args:
        size: columns and lines.
        theme: of the screens.
        keys: pressed one after the other.
        texts: what has to be seen before the picture is taken.
    """

    size: tuple[int, int]
    theme: str
    keys: tuple[str, ...]
    texts: tuple[str, ...]


SCENES = {
    "asks-60x18-light": Scene((60, 18), "textual-light", (), ("a allows it",)),
    "asks-100x30-dark": Scene((100, 30), "textual-dark", ("4",), ("what the agents are asked",)),
    "branch-140x40-nord": Scene((140, 40), "nord", ("v", "2"), ("hunk 1 of 5", "Left alone: 30 places")),
    "branch-60x18-ansi": Scene((60, 18), "ansi-dark", ("v",), ("Look at these first",)),
    "survey-100x30-light": Scene((100, 30), "textual-light", ("6",), ("found, by rule",)),
}


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Show every time as it is in UTC."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


async def settled(pilot: Pilot[Left], title: str) -> str:
    """Return a picture of the screen once nothing moves on it any more."""
    picture, again = "", pilot.app.export_screenshot(title=title)
    while picture != again:
        await pilot.pause(STILL_SECONDS)
        picture, again = again, pilot.app.export_screenshot(title=title)
    return picture


@pytest.mark.usefixtures("utc")
@pytest.mark.skipif("NO_COLOR" in os.environ, reason="without colours it is another picture")
@pytest.mark.parametrize("name", SCENES)
async def test_it_looks_as_it_did(
    name: str, demo_run: RecordedSource, snapshot: SnapshotAssertion, tmp_path: Path
) -> None:
    scene = SCENES[name]
    shown = demo_run
    if name.startswith("asks"):
        asked = next(event.time for event in demo_run.recorded if isinstance(event, RunPaused))
        shown = cut(demo_run, tmp_path / "recording", asked)
    (run,) = await shown.runs()
    async with screens(shown, run=run, size=scene.size, options=ScreenOptions(theme=scene.theme)) as pilot:
        await until_shown(pilot, "1 Agents")
        await pilot.press(*scene.keys)
        for text in scene.texts:
            await until_shown(pilot, text)
        picture = await settled(pilot, name)
    assert picture == snapshot(extension_class=Picture)
