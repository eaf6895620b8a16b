"""What other distributions bring to this program, found through their entry points.

Only what is installed counts: a distribution in the current directory, which may be the repository under work, is
nobody's decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist_tools.errors import ArchaeologistError, UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


@dataclass(frozen=True)
class Plugin:
    """One entry point of a distribution."""

    entry: EntryPoint

    @property
    def distribution(self) -> str:
        """Name and version of who brings it."""
        return f"{self.entry.dist.name} {self.entry.dist.version}" if self.entry.dist else "an unknown distribution"

    def load(self) -> object:
        """Import what the entry point names.

        Raises:
            UsageError: it cannot be imported, for whatever reason.
        """
        try:
            return self.entry.load()
        except ArchaeologistError as error:
            raise self.wrong(str(error)) from error
        except (Exception, SystemExit) as error:
            raise self.wrong(f"{type(error).__name__}: {error}") from error

    def wrong(self, why: str) -> UsageError:
        """Return the error that says whose plugin is wrong, and why."""
        where = f"{self.entry.name} = {self.entry.value}"
        return UsageError(
            f"plugin {self.distribution} cannot be used: {' '.join(why.split())} ({self.entry.group}: {where})",
            f"mend or upgrade it, or `pip uninstall {self.entry.dist.name}`" if self.entry.dist else None,
        )


def plugins(group: str) -> tuple[Plugin, ...]:
    """Return the installed plugins of a group of entry points, by distribution and name, without loading them."""
    found = [entry for entry in entry_points(group=group) if not _lies_here(entry)]
    return tuple(Plugin(entry) for entry in sorted(found, key=lambda entry: (_owner(entry), entry.name)))


def _owner(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else ""


def _lies_here(entry: EntryPoint) -> bool:
    """Tell whether a distribution is found only because Python looks in the current directory."""
    try:
        return entry.dist is not None and Path(str(entry.dist.locate_file(""))).resolve() == Path.cwd().resolve()
    except FileNotFoundError:  # the current directory is gone
        return False
