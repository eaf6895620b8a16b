from __future__ import annotations

import json
import subprocess
import sys

import pytest

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


def test_what_counts_as_heavy_is_seen_when_it_is_loaded() -> None:
    assert "libcst" in loaded_by("rules", "list")
