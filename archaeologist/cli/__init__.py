"""The command line: one module a command, imported when it is typed. The only place that prints or exits."""

from __future__ import annotations


def main() -> None:
    """Run the command line and exit with its status."""
    from archaeologist.cli.app import run

    run()
