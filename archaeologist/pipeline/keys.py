"""Which keys of models a worker has: told from each other without being written down.

A worker has the environment of the command that started it. Who sets a key afterwards, or mends a wrong one, types the
next command in an environment that the worker does not have; it is started anew then.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from archaeologist.models.naming import KEY_VARIABLES

if TYPE_CHECKING:
    from collections.abc import Mapping


def marks_of(environment: Mapping[str, str]) -> dict[str, str]:
    """Return a mark of each variable that is set; each call salts them anew, so that they tell nothing of a key."""
    salt = secrets.token_hex(8)
    return {name: f"{salt}:{_mark(environment[name], salt)}" for name in KEY_VARIABLES if environment.get(name)}


def lacks(marks: Mapping[str, str], environment: Mapping[str, str]) -> bool:
    """Whether the environment has a key that whoever made the marks does not have."""
    return any(_differs(marks.get(name, ""), environment[name]) for name in KEY_VARIABLES if environment.get(name))


def _differs(mark: str, value: str) -> bool:
    salt, _, known = mark.partition(":")
    return known != _mark(value, salt)


def _mark(value: str, salt: str) -> str:
    return hashlib.blake2b(value.encode(), key=salt.encode(), digest_size=8).hexdigest()
