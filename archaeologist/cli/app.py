"""The command group, and what becomes of errors: one message, one hint, one documented exit code."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from typing import TYPE_CHECKING, NoReturn

import rich_click as click

from archaeologist import __version__
from archaeologist.cli import exits
from archaeologist.errors import ArchaeologistError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS: dict[str, tuple[str, str]] = {
    "modernize": ("modernize", "Survey, rewrite, document and verify; the result is a git branch"),
    "watch": ("watch", "Follow a run, in the full screen or line by line"),
    "resume": ("control", "Go on with a run after a crash, a reboot, a pause or a failure"),
    "pause": ("control", "Stop a run before its next step"),
    "tell": ("control", "Say something to an agent at work"),
    "approve": ("control", "Allow, or refuse, what a run waits for"),
    "budget": ("control", "Let a run use more tokens or dollars"),
    "cancel": ("control", "Give a run up"),
    "runs": ("runs", "List runs, show one, print its log, record it, or forget it"),
    "demo": ("demo", "Play a recorded run, without a server"),
    "rules": ("rules", "List and explain the rules, or apply them to files in place"),
    "doctor": ("doctor", "Check what this machine has and lacks"),
    "config": ("config", "Show the configuration and where each value comes from"),
    "server": ("server", "Look at the embedded server, or stop it"),
    "worker": ("worker", "Host agents"),
    "crashtest": ("crashtest", "Prove the durability on this machine by killing everything"),
    "completion": ("completion", "Print the shell completion script"),
}
"""Command to module and help line: listing them imports none of them."""


class LazyGroup(click.RichGroup):
    """Imports a command's module when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order of a user's day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; for the list of commands a name and a help line are enough."""
        if cmd_name not in COMMANDS:
            from archaeologist_tools.likeness import did_you_mean, nearest

            meant = did_you_mean(f"`archaeologist {near}`" for near in nearest(cmd_name, COMMANDS))
            raise UsageError(f"there is no command {cmd_name!r}", meant or "see `archaeologist --help`")
        module, summary = COMMANDS[cmd_name]
        if ctx.invoked_subcommand is None and not ctx.resilient_parsing and _is_listing(ctx):
            return click.RichCommand(name=cmd_name, help=summary)
        command: click.Command = getattr(importlib.import_module(f"archaeologist.cli.{module}"), cmd_name)
        return command


def _is_listing(ctx: click.Context) -> bool:
    return bool(ctx.meta.get("archaeologist.listing"))


class Application(LazyGroup):
    """The group, told apart while it prints its own help."""

    def format_help(self, ctx: click.RichContext, formatter: click.RichHelpFormatter) -> None:  # type: ignore[override] # rich-click's signature
        """Print the help without importing any command."""
        ctx.meta["archaeologist.listing"] = True
        super().format_help(ctx, formatter)


@click.group(cls=Application, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="archaeologist")
@click.option("--verbose", is_flag=True, help="Show tracebacks and internal names.")
@click.pass_context
def application(ctx: click.Context, verbose: bool) -> int:
    """Modernize legacy Python repositories: a durable run, and a branch that says why every hunk is safe.

    Without a command, inside a repository with an unfinished run, it opens that run.
    """
    ctx.obj = {"verbose": verbose}
    if ctx.invoked_subcommand is not None:
        return exits.DONE
    from archaeologist.cli.here import is_run_likely_here

    if is_run_likely_here():
        from archaeologist.cli.watch import watch_unfinished

        status = watch_unfinished()
        if status is not None:
            return status
    click.echo(ctx.get_help())
    return exits.DONE


def run() -> NoReturn:
    """Run the command line and exit with a documented status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # names of files may be any bytes
    _leave(_status())


def _status() -> int:
    try:
        status = application.main(prog_name="archaeologist", standalone_mode=False)
    except click.ClickException as error:
        _explain(_lowered(error.format_message()), _hint_of(error))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return exits.INTERRUPTED
    except ArchaeologistError as error:
        _explain(str(error), error.hint)
        _trace_if_asked()
        return error.exit_code
    except SystemExit as leave:
        # So click ends for a reader that left, which is nobody's fault, and behind a completion.
        reader_left = isinstance(leave.__context__, BrokenPipeError)
        return exits.DONE if reader_left or not isinstance(leave.code, int) else leave.code
    except Exception as error:  # noqa: BLE001 - the last line of defence, so that a defect of ours is told as one
        log = _log_defect()
        _explain(
            f"{type(error).__name__}: {error}", f"this is a defect of Code Archaeologist; please report it with {log}"
        )
        _trace_if_asked()
        return exits.CANNOT_RUN
    return status if isinstance(status, int) else exits.DONE


def _leave(status: int) -> NoReturn:
    """Exit; with the Temporal SDK loaded, without taking the interpreter down piece by piece.

    The SDK's threads may be about to hand over the end of a cancelled request; when the interpreter is already being
    finalized they wait for it, and it waits for them, for ever (seen with temporalio 1.35 on Python 3.11).
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    if "temporalio.bridge" in sys.modules:
        os._exit(status)
    sys.exit(status)


def _lowered(message: str) -> str:
    return (message[:1].lower() + message[1:]).rstrip(".")


def _hint_of(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"see `{context.command_path if context else 'archaeologist'} --help`"


def _explain(message: str, hint: str) -> None:
    click.echo(f"error: {message}\n\nhint: {hint}", err=True)


def _trace_if_asked() -> None:
    if "--verbose" in sys.argv:
        traceback.print_exc()


def _log_defect() -> Path | str:
    from archaeologist.temporal.state import open_state

    try:
        path = open_state().path / "errors.log"
        with path.open("a", encoding="utf-8") as log:
            log.write(traceback.format_exc())
    except (ArchaeologistError, OSError):
        return "the output of `--verbose`"
    return path
