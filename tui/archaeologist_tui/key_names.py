"""Which keys Textual can tell that they were pressed, and which one somebody meant who names another."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual.keys import Keys, _character_to_key

from archaeologist_tools.likeness import nearest

_MODIFIERS = {"alt", "ctrl", "hyper", "meta", "shift", "super"}
_WRITTEN = {
    "cmd": "super",
    "command": "super",
    "control": "ctrl",
    "ctl": "ctrl",
    "del": "delete",
    "esc": "escape",
    "ins": "insert",
    "opt": "alt",
    "option": "alt",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "return": "enter",
    "spacebar": "space",
    "win": "super",
}
"""What people write, and what Textual calls it."""
_TYPED = 0x10000
"""Characters below that are looked through for a name: those of keyboards are."""


def is_key(name: str) -> bool:
    """Return whether a key of that name can be pressed: `ctrl+q`, `question_mark`, `?`, `f2`, `Q`.

    Textual tells modifiers in the order of the alphabet, what shift alone makes of letters and signs as what is typed
    then, and, behind other modifiers, small letters and signs by their names.
    """
    if len(name) == 1 or name == Keys.ControlAt:
        return True
    *modifiers, last = name.split("+")
    if modifiers != sorted(_MODIFIERS.intersection(modifiers)):
        return False
    if last in _named():
        return True
    return modifiers != ["shift"] and (last.isalnum() and last == last.lower() if len(last) == 1 else last in _signs())


def meant(name: str) -> str:
    """Return the key that somebody meant by a name of which there is none; empty when nobody can tell."""
    *modifiers, last = re.split(r"[+-](?=.)", name.strip())
    held = sorted({_told(each.lower()) for each in modifiers})
    key = _last(last)
    if held == ["shift"] and len(key) == 1 and key.isalpha():
        held, key = [], key.upper()
    elif held:
        key = key.lower()
    found = "+".join([*held, key])
    return found if key and is_key(found) else ""


def _told(word: str) -> str:
    return _WRITTEN.get(word) or next(iter(nearest(word, _MODIFIERS)), word)


def _last(word: str) -> str:
    """Return what Textual calls a key without modifiers; empty for nothing like one."""
    if len(word) == 1:
        return _character_to_key(word)
    name = word.lower().replace(" ", "_")
    if name in _WRITTEN or name in _named():
        return _WRITTEN.get(name, name)
    try:
        return _character_to_key(unicodedata.lookup(name.replace("_", " ")))
    except KeyError:
        return next(iter(nearest(name, [*_named(), *_ascii()])), "")


@cache
def _named() -> frozenset[str]:
    """Return the names of keys that type no character."""
    names = {each.rpartition("+")[2] for each in Keys if each[0] != "<"}
    return frozenset({each for each in {*names, *FUNCTIONAL_KEYS.values()} if len(each) > 1} - {"ctrl-at", "return"})


@cache
def _ascii() -> frozenset[str]:
    return frozenset(_character_to_key(chr(code)) for code in range(0x21, 0x7F) if not chr(code).isalnum())


@cache
def _signs() -> frozenset[str]:
    """Return the names of all that is typed and is no letter or digit."""
    return frozenset(_character_to_key(chr(code)) for code in range(_TYPED) if not chr(code).isalnum())
