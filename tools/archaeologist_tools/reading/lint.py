"""What ruff says of a module that no rule of ours rewrites: likely mistakes, dead code, risky calls, tangles."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.engine.ruff import diagnose

if TYPE_CHECKING:
    from archaeologist_tools.source.module import Module

CODES = (
    "F401", "F402", "F403", "F405", "F502", "F504", "F507", "F524", "F601", "F632", "F811", "F821", "F822", "F823",
    "F841", "F901", "B002", "B003", "B005", "B006", "B007", "B008", "B012", "B015", "B017", "B018", "B020", "B023",
    "B024", "B025", "B026", "B028", "B029", "B030", "B031", "B032", "B904", "BLE001", "C901", "E711", "E712", "E721",
    "E722", "ARG001", "ARG002", "ERA001", "N999", "PLE0101", "PLE0302", "PLE0604", "PLE1205", "PLR0133", "PLR0911",
    "PLR0912", "PLR0913", "PLR0915", "PLR1704", "PLW0120", "PLW0127", "PLW0129", "PLW0602", "PLW0603", "PLW0604",
    "PLW0711", "PLW1508", "PLW1509", "PLW2901", "RET503", "RUF006", "RUF012", "S102", "S105", "S108", "S110", "S112",
    "S113", "S202", "S301", "S302", "S306", "S307", "S310", "S311", "S314", "S317", "S318", "S319", "S321", "S323",
    "S324", "S501", "S506", "S602", "S604", "S605", "S606", "S608", "S701", "SIM115", "TRY002", "TRY203", "TRY401",
)  # fmt: skip
"""Ruff's codes; of those that are matters of layout or that rules rewrite, none."""

LINES_TOLD = 12


class Remark(NamedTuple):
    """What ruff says, once for all places of which it says the same."""

    lines: tuple[int, ...]
    code: str
    message: str

    def __str__(self) -> str:
        """Show it in one line."""
        more = len(self.lines) - LINES_TOLD
        lines = ", ".join(map(str, self.lines[:LINES_TOLD])) + (f" and {more} more" if more > 0 else "")
        return f"{self.code} {self.message}: {lines}"


def remarks(module: Module, target: tuple[int, int]) -> list[Remark]:
    """Run ruff over one module.

    Args:
        module: the module.
        target: the Python to write for.

    Raises:
        RuffFailed: ruff cannot be used.
    """
    places: dict[tuple[str, str], list[int]] = {}
    (found,) = diagnose([module], CODES, target)
    for each in found:
        message = " ".join(each.message.split())
        places.setdefault((each.code, message), []).append(module.position(each.start)[0])
    return sorted(Remark(tuple(sorted(lines)), code, message) for (code, message), lines in places.items())
