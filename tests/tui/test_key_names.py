"""Which keys can be pressed, and which one is meant by another name."""

from __future__ import annotations

import pytest
from textual.keys import Keys, _character_to_key

from archaeologist_tui import app  # noqa: F401 - what is loaded has its keys listed
from archaeologist_tui.key_names import is_key, meant
from archaeologist_tui.keys import all_keys, split


@pytest.mark.parametrize(
    "name",
    [
        "Q",
        "é",
        "?",
        "question_mark",
        "f2",
        "space",
        "ctrl+q",
        "ctrl+@",
        "alt+shift+q",
        "ctrl+shift+f5",
        "shift+tab",
        "super+left",
        "left_pointing_double_angle_quotation_mark",
        "kp_begin",
    ],
)
def test_what_textual_tells_is_a_key(name: str) -> None:
    assert is_key(name)


def test_all_keys_of_ours_and_every_sign_are_keys() -> None:
    assert [each for key in all_keys() for each in split(key.keys) if not is_key(each)] == []
    assert [each for each in map(chr, range(0x20, 0x250)) if not is_key(_character_to_key(each))] == []
    assert all(is_key(each) for each in (Keys.F24, Keys.ControlShiftPageDown, Keys.ControlBackslash))


@pytest.mark.parametrize(
    ("name", "likely"),
    [
        ("control+Q", "ctrl+q"),
        ("ctrl+Q", "ctrl+q"),
        ("ctrl-q", "ctrl+q"),
        ("shift+q", "Q"),
        ("shift+ctrl+a", "ctrl+shift+a"),
        ("ctrl+?", "ctrl+question_mark"),
        ("ctrl++", "ctrl+plus"),
        ("Esc", "escape"),
        ("F2", "f2"),
        ("page_up", "pageup"),
        ("solidus", "slash"),
        ("question_mrk", "question_mark"),
        ("meta+shift+foo", ""),
        ("shift+1", ""),
        ("bb", ""),
        ("", ""),
    ],
)
def test_what_it_never_tells_is_none_and_the_one_that_was_meant_is_found(name: str, likely: str) -> None:
    assert not is_key(name)
    assert meant(name) == likely
