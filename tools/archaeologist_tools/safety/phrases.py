"""What is said to models, as `phrases.toml` has it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.safety.sieve import Sieve

if TYPE_CHECKING:
    from collections.abc import Mapping

ADDRESS = "address"


class Phrase(NamedTuple):
    """A way to say something to a model.

    Attributes:
        kind: as suspicions have it.
        alone: whether it says so without company.
        pattern: for the words of a text.
        needs: what a `Sieve` is made from.
    """

    kind: str
    alone: bool
    pattern: re.Pattern[str]
    needs: tuple[str, ...]


@cache
def phrases() -> tuple[Phrase, ...]:
    """Return what is said to models; the last one, which names them, only counts near another."""
    source = tomllib.loads(resources.files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8"))
    names = source["names"]
    listed = [(each["kind"], each["alone"], each) for each in source["phrase"]]
    listed.append((ADDRESS, False, source["address"]))
    return tuple(
        Phrase(
            kind,
            alone,
            re.compile(rf"\b(?:{each['pattern']})\b"),
            tuple(_filled(line, names) for line in each["needs"]),
        )
        for kind, alone, each in listed
    )


@cache
def sieve() -> Sieve:
    """Return what tells where in a text the phrases may be."""
    return Sieve([phrase.needs for phrase in phrases()])


def _filled(line: str, names: Mapping[str, str]) -> str:
    for name, words in names.items():
        line = line.replace(f"{{{name}}}", words)
    return line
