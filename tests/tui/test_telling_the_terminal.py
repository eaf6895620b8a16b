"""What is written to the terminal around the screens, byte by byte: what is no part of a screen is on no picture."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from textual.app import App

from archaeologist_tui.terminal import Terminal, fitting_theme

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.driver import Driver


@asynccontextmanager
async def terminal(monkeypatch: pytest.MonkeyPatch, *ways: str) -> AsyncIterator[tuple[Terminal, list[str]]]:
    """Give a terminal, and what is sent to it from then on."""
    app, sent = App[None](), list[str]()
    async with app.run_test():
        driver: Driver | None = app._driver
        with monkeypatch.context() as patch:
            patch.setattr(App, "is_headless", False)
            patch.setattr(driver, "write", sent.append)
            yield Terminal(app, ways), sent


async def test_the_title_of_before_is_remembered_once_and_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async with terminal(monkeypatch) as (told, sent):
        told.restore_title()
        assert sent == [], "there is none to give back"
        told.set_title("Runs: 1")
        told.set_title("DONE x\x1b]2;y\x07")
        told.restore_title()
        assert sent == ["\x1b[22;2t\x1b]2;Runs: 1\x07", "\x1b]2;DONE x ]2 y \x07", "\x1b[23;2t"]


@pytest.mark.parametrize(
    ("ways", "sent"),
    [
        ((), []),
        (("osc9",), ["\x1b]9;x waits: run 7f3a\x07"]),
        (("osc777",), ["\x1b]777;notify;x waits;run 7f3a\x07"]),
        (("bell",), ["\x07"]),
    ],
)
async def test_a_person_is_told_in_the_ways_that_are_configured(
    ways: tuple[str, ...], sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with terminal(monkeypatch, *ways) as (told, written):
        told.tell("x waits", "run 7f3a")
        assert written == sent


async def test_nothing_that_is_told_ends_its_sequence_or_is_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    async with terminal(monkeypatch, "osc9", "osc777") as (told, sent):
        told.tell("x;\x07", f"\x1b\\{'y' * 1_000}")
        assert sent == [f"\x1b]9;x  :  \\{'y' * 113}\x07", f"\x1b]777;notify;x  ; \\{'y' * 118}\x07"]


async def test_nothing_is_written_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    async with terminal(monkeypatch, "osc9") as (told, sent):
        monkeypatch.setattr(App, "is_headless", True)
        told.set_title("Runs: 1")
        told.tell("x waits", "run 7f3a")
        assert sent == []


@pytest.mark.parametrize(
    ("background", "coloured", "theme"),
    [
        (None, True, "textual-dark"),
        ("", True, "textual-dark"),
        ("15;0", True, "textual-dark"),
        ("0;15", True, "textual-light"),
        ("0;default;7", True, "textual-light"),
        ("15;0", False, "ansi-dark"),
        ("0;15", False, "ansi-light"),
    ],
)
def test_the_theme_fits_the_background(background: str | None, *, coloured: bool, theme: str) -> None:
    environment = {} if background is None else {"COLORFGBG": background}
    assert fitting_theme(environment, coloured=coloured) == theme
