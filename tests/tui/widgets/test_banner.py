from __future__ import annotations

import pytest

from archaeologist_tui.widgets.banner import Banner
from support.panes import PaneApp
from support.screens import shown

HIDDEN = "\x1b[2J"


@pytest.mark.parametrize(
    ("way", "mark", "kind"), [("ask", "?", "-asks"), ("warn", "✗", "-trouble"), ("note", "-", "-asks")]
)
async def test_it_is_there_as_long_as_there_is_something_to_say(way: str, mark: str, kind: str) -> None:
    app = PaneApp(banner := Banner())
    async with app.run_test(size=(60, 12)) as pilot:
        says = [banner.says]
        getattr(banner, way)(f"may [b]it[/b]{HIDDEN}", [f"more{HIDDEN}", "and more"], "a allows it")
        await pilot.pause()
        lines = [line.strip(" █▌▐") for line in shown(app).splitlines()]
        assert lines[:4] == [f"{mark} may [b]it[/b]\\x1b[2J", "more\\x1b[2J", "and more", "a allows it"]
        assert [name for name in ("-asks", "-trouble") if banner.has_class(name)] == [kind]
        getattr(banner, way)("only this", [], "")
        await pilot.pause()
        assert banner.size.height == 1
        says.append(banner.says)
        banner.clear()
        await pilot.pause()
        assert [*says, banner.says] == [False, True, False]
        assert not shown(app).strip()
