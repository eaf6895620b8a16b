"""The gates that ruff answers: names that lead nowhere, and what is worse than it was."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from archaeologist_tools.engine.registry import all_rules
from archaeologist_tools.engine.ruff import diagnose
from archaeologist_tools.gates.failure import Gate, GateFailure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.engine.ruff import Diagnostic
    from archaeologist_tools.gates.failure import Allowed
    from archaeologist_tools.source.module import Module

_UNUSED_IMPORT = "F401"
_NAMES = (_UNUSED_IMPORT, "F811", "F821", "F822", "F823")
# Mistakes, not matters of taste: what they find is wrong, or breaks on the next change.
_MISTAKES = (
    "B002", "B003", "B005", "B006", "B008", "B012", "B015", "B016", "B017", "B018", "B020", "B021", "B022", "B023",
    "B025", "B029", "B030", "B031", "B032", "B035", "E711", "E712", "E721", "E722", "E731", "F402", "F404", "F502",
    "F503", "F504", "F506", "F507", "F508", "F509", "F521", "F522", "F523", "F524", "F525", "F601", "F602", "F621",
    "F622", "F631", "F632", "F633", "F634", "F701", "F702", "F704", "F706", "F707", "F722", "F841", "F842", "F901",
    "FA102", "PLE0100", "PLE0101", "PLE0116", "PLE0117", "PLE0118", "PLE0237", "PLE0241", "PLE0302", "PLE0303",
    "PLE0305", "PLE0604", "PLE0605", "PLE1142", "PLE1205", "PLE1206", "PLE1300", "PLE1307", "PLE1310", "PLE1507",
    "PLE1519", "PLE1520", "PLE1700", "PLW0127", "PLW0128", "PLW0129", "PLW0131", "PLW0133", "PLW0211", "PLW0245",
    "PLW0406", "PLW0602", "PLW0604", "PLW0711", "PLW1501", "PLW1508", "PLW1509", "RUF006", "RUF009", "RUF016",
    "RUF018", "S110", "S112", "S306", "S506", "S602", "S605",
)  # fmt: skip
# Lines that a message names move when code above them does.
_LINE = re.compile(r"\bline \d+")


def worse(before: Module, after: Module, target: tuple[int, int], allowed: Allowed) -> Iterator[GateFailure]:
    """What ruff finds after an edit and did not find before.

    Raises:
        RuffFailed: ruff cannot be used.
    """
    were, are = diagnose([before, after], codes(), target)
    for diagnostic in _new(were, are):
        if diagnostic.code == _UNUSED_IMPORT and (allowed.unused_imports or allowed.by_rules):
            continue
        gate = Gate.NAMES if diagnostic.code in _NAMES else Gate.LINT
        line = after.position(diagnostic.start)[0]
        yield GateFailure(gate, f"line {line}: {diagnostic.message} ({diagnostic.code})")


@cache
def codes() -> tuple[str, ...]:
    """The codes of ruff's that may not get more: mistakes, and what this project's rules take out."""
    adopted = (rule.adopts for rule in all_rules() if rule.adopts)
    return tuple(sorted({*_NAMES, *_MISTAKES, *adopted}))


def _new(were: Sequence[Diagnostic], are: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    rest = Counter(map(_key, were))
    for diagnostic in are:
        rest[_key(diagnostic)] -= 1
        if rest[_key(diagnostic)] < 0:
            yield diagnostic


def _key(diagnostic: Diagnostic) -> tuple[str, str]:
    return diagnostic.code, _LINE.sub("line", diagnostic.message)
