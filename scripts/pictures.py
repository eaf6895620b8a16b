"""Exports the pictures of the README from the recorded run that comes with the program: `python scripts/pictures.py`.

Do this when the screens or the recording have changed, and look at what comes of it.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist.domain.events import RunPaused, StepStarted

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))

from archaeologist.pipeline.recordings.files import opened  # noqa: E402 - beside the tests' own
from support.recordings import DEMO, cut  # noqa: E402 - the tests' own, and so no package to install
from support.screens import screens, until_shown  # noqa: E402 - see above

if TYPE_CHECKING:
    from datetime import datetime

    from archaeologist.pipeline.recordings.source import RecordedSource

FOLDER = ROOT / "docs" / "pictures"
SIZE = (128, 34)
_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)
"""Textual names fonts elsewhere, which nobody loads for a picture in a page; a monospaced one is at hand everywhere."""


@dataclass(frozen=True)
class Scene:
    """One picture.

    Attributes:
        name: of the file.
        keys: pressed one after the other.
        text: what has to be seen before the picture is taken.
        end: when the recording is cut off; None for its end.
    """

    name: str
    keys: tuple[str, ...]
    text: str
    end: datetime | None = None


async def main() -> None:
    """Export every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with opened(DEMO) as source:
        asked = next(event.time for event in source.recorded if isinstance(event, RunPaused))
        talking = next(e.time for e in source.recorded if isinstance(e, StepStarted) and e.step == "item-1-3")
        for scene in (
            Scene("run", ("j", "j", "5"), "rewrite_function(", talking),
            Scene("approval", ("4",), "what the agents are asked", asked),
            Scene("branch", ("v",), "Look at these first"),
        ):
            await export(source, scene)


async def export(source: RecordedSource, scene: Scene) -> None:
    """Take one picture."""
    with tempfile.TemporaryDirectory() as folder:
        shown = cut(source, Path(folder) / "recording", scene.end) if scene.end else source
        (run,) = await shown.runs()
        async with screens(shown, run=run, size=SIZE) as pilot:
            await until_shown(pilot, "1 Agents")
            await pilot.press(*scene.keys)
            await until_shown(pilot, scene.text)
            picture = _FONTS.sub("", pilot.app.export_screenshot(title="archaeologist"))
            (FOLDER / f"{scene.name}.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    time.tzset()
    asyncio.run(main())
