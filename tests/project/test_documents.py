from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from archaeologist import __version__
from archaeologist.cli import exits
from archaeologist.cli.app import COMMANDS, application
from archaeologist.settings import KEYS

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
CODE = re.compile(r"```.*?\n(.*?)```|`([^`\n]+)`|^ {4}([^\n]+)$", re.DOTALL | re.MULTILINE)
PATH = re.compile(r"(archaeologist|fixtures|scripts|tests|tools|tui)/[\w./]+")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code_lines(name: str) -> list[str]:
    found = ["".join(groups).replace("\\|", "|") for groups in CODE.findall(text_of(name))]
    return [line.strip().removeprefix("$ ") for code in found for line in code.splitlines()]


def commands_of(name: str, program: str) -> list[list[str]]:
    lines = (line.partition("  #")[0] for line in code_lines(name))
    return [shlex.split(line)[1:] for line in lines if line.startswith(f"{program} ")]


def unknown(words: list[str]) -> str | None:
    """Return the first word of a command line that the program does not know."""
    command: click.Command = application
    for word in words:
        if word.startswith("-"):
            options = {option for given in command.params for option in (*given.opts, *given.secondary_opts)}
            if word.partition("=")[0] not in {*options, "--help"}:
                return word
        elif isinstance(command, click.Group):
            context = click.Context(command)
            names = word.split("|")
            if not set(names) <= set(command.list_commands(context)):
                return word
            command = command.get_command(context, names[0]) or command
    return None


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_and_option_that_is_written_down_exists(name: str) -> None:
    written = commands_of(name, "archaeologist")
    assert written
    assert {" ".join(words): unknown(words) for words in written if unknown(words)} == {}


def test_a_command_that_does_not_exist_is_noticed() -> None:
    assert unknown(["modernise", "."]) == "modernise"
    assert unknown(["runs", "list", "--colour"]) == "--colour"
    assert unknown(["runs", "list|forget"]) == "list|forget"


def test_the_readme_names_every_command() -> None:
    first = {word for words in commands_of("README.md", "archaeologist") for word in words[0].split("|")}
    assert set(COMMANDS) <= first


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_that_is_written_down_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    written = {words[0] for words in commands_of(name, "make")}
    assert written <= targets


def test_the_readme_lists_every_configuration_key() -> None:
    rows = dict(re.findall(r"^\| `([a-z-]+)` \|[^|]*\| ([^|]+) \|", text_of("README.md"), re.MULTILINE))
    assert rows.keys() == {key.name for key in KEYS}
    defaults = {key.name: key.default for key in KEYS if not isinstance(key.default, bool)}
    numbers = {name: str(int(value)) for name, value in defaults.items() if isinstance(value, (int, float))}
    assert {name: rows[name] for name in numbers} == numbers


def test_the_readme_lists_the_exit_codes() -> None:
    rows = {int(code) for code in re.findall(r"^\| (\d+) \|", text_of("README.md"), re.MULTILINE)}
    assert rows == {value for name, value in vars(exits).items() if name.isupper()}


@pytest.mark.parametrize("name", [*DOCUMENTS, "CHANGELOG.md"])
def test_every_file_that_is_referred_to_exists(name: str) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text_of(name))
    paths = [line for line in code_lines(name) if PATH.fullmatch(line)]
    assert [path for path in (*links, *paths) if not (ROOT / path).exists()] == []


def test_the_changelog_begins_with_the_version() -> None:
    versions = re.findall(r"^## \[?(\d+\.\d+\.\d+)", text_of("CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == __version__


def test_the_constraints_name_every_dependency_and_nothing_but_versions() -> None:
    lines = text_of("constraints.txt").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line) for line in lines)
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines}
    required = re.findall(r'^  "([a-z-]+)>=', text_of("pyproject.toml"), re.MULTILINE)
    assert set(required) <= pinned
