from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = {"git", "libcst", "openai", "temporalio", "textual"}

LOADED = """
import atexit, json, sys
def tell():
    print("\\n" + json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
atexit.register(tell)
from archaeologist.cli import main
main()
"""


def loaded_by(*arguments: str) -> set[str]:
    command = [sys.executable, "-c", LOADED, *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_list_of_commands_loads_nothing_heavy() -> None:
    loaded = loaded_by("--help")
    assert not loaded & (HEAVY | {"pydantic", "structlog", "asyncio", "platformdirs"})
    assert "rich_click" in loaded


def test_the_version_does_not_even_load_what_draws_the_help() -> None:
    assert not loaded_by("--version") & (HEAVY | {"pydantic", "structlog", "asyncio", "rich"})


@pytest.mark.parametrize(
    "command",
    [("modernize",), ("resume",), ("watch",), ("runs", "list"), ("rules", "apply"), ("server", "status"), ("worker",)],
    ids=" ".join,
)
def test_the_help_of_a_command_loads_neither_temporal_nor_libcst_nor_a_model(command: tuple[str, ...]) -> None:
    assert not loaded_by(*command, "--help") & HEAVY


def test_lines_tell_what_the_full_screen_shows_without_loading_it() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "archaeologist", "demo", "--plain", "--speed", "1000"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    times = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in times}
    assert "archaeologist_tui" in loaded
    assert not loaded & {"git", "libcst", "openai", "textual"}


@pytest.mark.parametrize(("between", "loads"), [("  # why", True), ("", False)])
def test_only_a_literal_with_comments_in_it_loads_libcst(tmp_path: Path, between: str, loads: bool) -> None:
    source = tmp_path / "a.py"
    source.write_text(f"x = ('a %s'{between}\n     ' b' % (y,))\n", encoding="utf-8")
    assert ("libcst" in loaded_by("rules", "apply", str(source))) is loads
    assert "f'a {y!s}'" in source.read_text(encoding="utf-8")
