"""The command line: one module a command, imported when it is typed. The only place that prints or exits."""

from __future__ import annotations

import gc

_ALLOCATIONS = 50_000


def main() -> None:
    """Run the command line and exit with its status."""
    # Imports make many objects and no garbage; looking for some every 700 objects is a tenth of `--help`.
    gc.set_threshold(_ALLOCATIONS)
    from archaeologist.cli.app import run

    run()
