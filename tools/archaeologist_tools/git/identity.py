"""Whose name the commits carry: the user's own, as git would choose it, or a neutral one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist_tools.git.command import Git

# What git strips from the ends of a name; a name of nothing else is refused by it.
_CRUD = " .,:;<>\"\\'\n\t"


@dataclass(frozen=True)
class Identity:
    """The author of commits.

    Args:
        name: as in `user.name`.
        email: as in `user.email`.
        fallback: git knows no name or no address, and a neutral one stands in for it.
    """

    name: str
    email: str
    fallback: bool = False

    def variables(self, date: str | None = None) -> dict[str, str]:
        """Gives the variables that make git write this author and committer.

        Args:
            date: "<unix seconds> +0000"; now when omitted.
        """
        env = {}
        for role in ("AUTHOR", "COMMITTER"):
            env[f"GIT_{role}_NAME"] = self.name
            env[f"GIT_{role}_EMAIL"] = self.email
            if date is not None:
                env[f"GIT_{role}_DATE"] = date
        return env


NEUTRAL = Identity("Code Archaeologist", "archaeologist@localhost", fallback=True)
"""The author where git knows none."""


def identity_of(git: Git) -> Identity:
    """Gives the user's identity: environment, then `author.*`, then `user.*`, then a neutral one."""
    name = _first(git, "name")
    email = _first(git, "email")
    return Identity(name or NEUTRAL.name, email or NEUTRAL.email, fallback=not (name and email))


def _first(git: Git, part: str) -> str | None:
    values = (
        os.environ.get(f"GIT_AUTHOR_{part.upper()}"),
        *(git.ask("config", f"{who}.{part}") for who in ("author", "user")),
    )
    return next((value for value in values if value and value.strip(_CRUD)), None)
