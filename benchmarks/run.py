"""`make bench`: measures what the design promises and prints one table.

    python benchmarks/run.py [--rounds N] [--only help,cold,tokens,screens]

The measures are: help, cold, events, tax, memory, rewriting, tokens, screens, advancing, application, attaching.

Needs the network for the source distributions, which are kept in the user's cache folder, and for the rewriters to
compare with, which are installed into a scratch environment. Every run gets a scratch state directory, and nothing is
left. The exit code is 1 when a figure is above its bar; the bars are for two cores that do nothing else.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path += [str(ROOT), str(ROOT / "tests")]

from benchmarks.advancing import advancing  # noqa: E402 - needs the path that is set above
from benchmarks.application import application  # noqa: E402 - see above
from benchmarks.attaching import attaching  # noqa: E402 - see above
from benchmarks.measures import (  # noqa: E402 - see above
    Figure,
    cold_start,
    durability_tax,
    help_text,
    history_size,
    worker_memory,
)
from benchmarks.rewriting import rewriting  # noqa: E402 - see above
from benchmarks.screens import screens  # noqa: E402 - see above
from benchmarks.tokens import tokens  # noqa: E402 - see above

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROUNDS = 5


def main() -> int:
    """Measure, print the table, and return the exit code."""
    asked = _arguments()
    measures: dict[str, Callable[[], Iterable[Figure]]] = {
        "help": help_text,
        "cold": cold_start,
        "events": history_size,
        "tax": lambda: durability_tax(asked.rounds),
        "memory": worker_memory,
        "rewriting": lambda: rewriting(asked.rounds),
        "tokens": tokens,
        "screens": screens,
        "advancing": advancing,
        "application": application,
        "attaching": attaching,
    }
    if unknown := set(asked.only) - measures.keys():
        raise SystemExit(f"no such measure: {', '.join(sorted(unknown))}; there are {', '.join(measures)}")
    figures: list[Figure] = []
    for name, measure in measures.items():
        if name in asked.only or not asked.only:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            figures.extend(measure())
    Console(width=140 if not sys.stdout.isatty() else None).print(_table(figures))
    return int(any(_is_above(figure) for figure in figures))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure what the design promises.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="comparisons for the durability tax and rewriters")
    parser.add_argument(
        "--only", type=lambda text: text.split(","), default=[], help="measures, separated by commas; all when left out"
    )
    return parser.parse_args()


def _table(figures: Iterable[Figure]) -> Table:
    title = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}"
    table = Table(title=title, title_justify="left")
    for heading in ("measure", "figure", "bar", "", "from"):
        table.add_column(heading, justify="right" if heading in {"figure", "bar"} else "left")
    for figure in figures:
        verdict = "" if figure.bar is None else "ABOVE" if _is_above(figure) else "ok"
        table.add_row(figure.name, _spoken(figure.value, figure.unit), _bar(figure), verdict, figure.detail)
    return table


def _bar(figure: Figure) -> str:
    return "" if figure.bar is None else f"<= {_spoken(figure.bar, figure.unit)}"


def _spoken(value: float, unit: str) -> str:
    digits = {"s": 1, "times": 2}.get(unit, 0)
    return f"{value:,.{digits}f} {unit}"


def _is_above(figure: Figure) -> bool:
    return figure.bar is not None and figure.value > figure.bar


if __name__ == "__main__":
    sys.exit(main())
