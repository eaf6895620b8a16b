"""Prints all of a run's plan, of its survey, or of what it left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from archaeologist.cli import exits
from archaeologist_tools.safety.fencing import on_one_line

if TYPE_CHECKING:
    from pathlib import Path

    from archaeologist.cli.telling.lists import List
    from archaeologist.domain.view import RunView


def print_list(what: List, view: RunView, artefacts: Path) -> int:
    """Print a list and return the exit status. Raises ArtefactMissing."""
    from archaeologist.artefacts import ArtefactStore
    from archaeologist.cli.telling.lists import listed

    for text in listed(what, view, ArtefactStore(artefacts)):
        click.echo(on_one_line(text))
    return exits.DONE
