"""`archaeologist config show`: every key, its value, and where it came from."""

from __future__ import annotations

import json
import os
from pathlib import Path

import rich_click as click

from archaeologist.errors import ArchaeologistError
from archaeologist.settings import KEYS, load_settings, user_config
from archaeologist_tools.git.repository import locate


@click.group()
def config() -> None:
    """Show the configuration and where each value comes from."""


@config.command()
@click.argument("path", default=".")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(path: str, as_json: bool) -> None:
    """Show every key as it is for the repository at PATH."""
    try:
        root = locate(Path(path)).root
    except ArchaeologistError:
        root = None
    settings = load_settings({}, root)
    if as_json:
        values = {name: {"value": found.value, "origin": found.origin} for name, found in settings.values.items()}
        click.echo(json.dumps(values))
        return
    for key in KEYS:
        found = settings.values[key.name]
        click.echo(f"{key.name:<20} {_told(found.value):<24} {found.origin:<12} {key.help}")
    click.echo(f"\nuser configuration: {user_config(os.environ)}", err=True)


def _told(value: object) -> str:
    if isinstance(value, tuple):
        value = ", ".join(value)
    if isinstance(value, dict):
        value = "; ".join(f"{name}={text}" for name, text in value.items())
    return "-" if value in (None, "") else str(value)
