"""`archaeologist completion`: the shell's completion script."""

from __future__ import annotations

import rich_click as click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of SHELL.

    For bash, for example: `archaeologist completion bash >> ~/.bashrc`.
    """
    from archaeologist.cli.app import application

    kind = get_completion_class(shell)
    if kind is None:
        raise click.BadParameter(f"{shell} is not known")
    click.echo(kind(application, {}, "archaeologist", "_ARCHAEOLOGIST_COMPLETE").source())
