"""The commands around a run: doctor, config, completion, and how wrong usage is told."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from archaeologist.cli import exits
from support.projects import project, write

if TYPE_CHECKING:
    from pathlib import Path

    from support.commandline import CommandLine, Done


@pytest.mark.parametrize(
    ("arguments", "error", "hint"),
    [
        (["modernise"], "there is no command 'modernise'", "did you mean `archaeologist modernize`?"),
        (["xyz"], "there is no command 'xyz'", "see `archaeologist --help`"),
        (["modernize", "--bogus"], "no such option '--bogus'", "see `archaeologist modernize --help`"),
        (["modernize", "a", "b"], "got unexpected extra argument (b)", "see `archaeologist modernize --help`"),
        (["rules", "apply"], "missing argument 'PATHS...'", "see `archaeologist rules apply --help`"),
        (["rules", "lst"], "no such command 'lst'", "see `archaeologist rules --help`"),
        (["completion", "tcsh"], "invalid value for '{bash|zsh|fish}'", "see `archaeologist completion --help`"),
        (["worker", "--roles", "cook"], "invalid value for --roles", "see `archaeologist worker --help`"),
    ],
)
def test_wrong_usage_is_told_with_a_hint(arguments: list[str], error: str, hint: str, cli: CommandLine) -> None:
    done = cli.run(*arguments)
    assert done.code == exits.USAGE
    assert done.error.startswith(error)
    assert done.hint == hint
    assert done.stdout == ""


@pytest.mark.parametrize("arguments", [[], ["modernize"], ["runs"], ["rules", "apply"], ["server"], ["config", "show"]])
def test_every_help_is_printed_and_succeeds(arguments: list[str], cli: CommandLine) -> None:
    done = cli.run(*arguments, "--help")
    assert done.code == exits.DONE
    assert "Usage: archaeologist" in done.stdout
    assert done.stderr == ""


def test_doctor_finds_a_sound_machine(cli: CommandLine) -> None:
    done = cli.run("doctor")
    assert done.code == exits.DONE, done.stdout
    assert "FAIL" not in done.stdout
    for name in ("archaeologist", "git", "libraries", "state", "temporal", "server", "worker"):
        assert f"  {name} " in done.stdout


def test_doctor_misses_git_and_says_what_to_do(cli: CommandLine, tmp_path: Path) -> None:
    done = cli.run("doctor", PATH=str(tmp_path))
    assert done.code == exits.CANNOT_RUN
    assert "FAIL  git            not found on PATH" in done.stdout
    assert "hint: install git" in done.stdout
    modernize = cli.run("modernize", tmp_path, PATH=str(tmp_path))
    assert modernize.code == exits.CANNOT_RUN
    assert "not on PATH" in modernize.error
    assert "install git" in modernize.hint


def shown(done: Done) -> dict[str, tuple[object, str]]:
    assert done.code == exits.DONE, done.stderr
    (values,) = done.records
    return {name: (found["value"], found["origin"]) for name, found in values.items()}


def test_config_show_names_each_values_origin_the_strongest_first(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path / "project")
    user = tmp_path / "config.toml"
    show = ["config", "show", str(repository), "--json"]
    assert shown(cli.run(*show))["test-timeout"] == (1800.0, "default")
    write(tmp_path, {"config.toml": 'test-timeout = 60\nmodel = "offline"\n'})
    assert shown(cli.run(*show, ARCHAEOLOGIST_CONFIG=str(user)))["test-timeout"] == (60.0, str(user))
    write(repository, {"pyproject.toml": "[tool.archaeologist]\ntest-timeout = 70\nrules = ['strings']\n"})
    values = shown(cli.run(*show, ARCHAEOLOGIST_CONFIG=str(user)))
    assert values["test-timeout"] == (70.0, str(repository / "pyproject.toml"))
    assert values["rules"] == (["strings"], str(repository / "pyproject.toml"))
    assert values["model"] == ("offline", str(user))
    values = shown(cli.run(*show, ARCHAEOLOGIST_CONFIG=str(user), ARCHAEOLOGIST_TEST_TIMEOUT="80"))
    assert values["test-timeout"] == (80.0, "ARCHAEOLOGIST_TEST_TIMEOUT")
    table = cli.run("config", "show", repository).stdout
    assert [line.split()[0] for line in table.splitlines()] == list(values)


def test_a_flag_is_stronger_than_the_repositorys_configuration(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path, {"pyproject.toml": "[tool.archaeologist]\nrules = ['AR020']\n"})
    assert "AR001" not in cli.run("modernize", repository, "--dry-run").stdout
    assert "AR001" in cli.run("modernize", repository, "--dry-run", "--rules", "AR001").stdout


@pytest.mark.parametrize(
    ("text", "error", "hint"),
    [
        ("target-versoin = 'py38'", "unknown key 'target-versoin'", "did you mean `target-version`?"),
        ("xyzzy = 1", "unknown key 'xyzzy'", "`archaeologist config show` lists the keys"),
        ("rules = 3", "'rules' must be a list of strings, not 3", "rule codes"),
        ("test-timeout = true", "'test-timeout' must be a number, not True", "seconds"),
        ("state-dir = '/tmp/x'", "'state-dir' is not a repository's to decide", "ARCHAEOLOGIST_STATE_DIR"),
        ("trust-tests = true", "'trust-tests' is not a repository's to decide", "ARCHAEOLOGIST_TRUST_TESTS"),
        ("python = './evil'", "'python' is not a repository's to decide", "ARCHAEOLOGIST_PYTHON"),
    ],
)
def test_a_wrong_key_of_the_repository_is_refused(
    text: str, error: str, hint: str, cli: CommandLine, tmp_path: Path
) -> None:
    repository = project(tmp_path)
    write(repository, {"pyproject.toml": f"[tool.archaeologist]\n{text}\n"})
    done = cli.run("config", "show", repository)
    assert done.code == exits.USAGE
    assert done.error == f"{repository}/pyproject.toml: {error}"
    assert hint in done.hint


def test_other_wrong_configuration_is_told(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path / "project")
    write(repository, {"pyproject.toml": "[tool]\narchaeologist = 3\n"})
    no_table = cli.run("config", "show", repository)
    assert no_table.code == exits.USAGE
    assert "tool.archaeologist must be a table" in no_table.error
    assert cli.run("modernize", "--dry-run", repository).stderr == no_table.stderr
    write(repository, {"pyproject.toml": "this is no toml\n"})
    assert cli.run("config", "show", repository).code == exits.DONE
    write(tmp_path, {"broken.toml": "this is no toml\n"})
    broken = cli.run("config", "show", repository, ARCHAEOLOGIST_CONFIG=str(tmp_path / "broken.toml"))
    assert broken.code == exits.USAGE
    assert "cannot be read" in broken.error
    variable = cli.run("config", "show", repository, ARCHAEOLOGIST_SERVER_PORT="many")
    assert variable.code == exits.USAGE
    assert variable.error == "ARCHAEOLOGIST_SERVER_PORT must be a whole number, not 'many'"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_is_one_of_that_shell(shell: str, cli: CommandLine, tmp_path: Path) -> None:
    done = cli.run("completion", shell)
    assert done.code == exits.DONE, done.stderr
    assert "_ARCHAEOLOGIST_COMPLETE" in done.stdout
    program = shutil.which(shell)
    if program:
        script = tmp_path / "script"
        script.write_text(done.stdout)
        subprocess.run([program, "-n", script], check=True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("archaeologist mod", "modernize"),
        ("archaeologist runs sh", "show"),
        ("archaeologist modernize --tar", "--target-version"),
    ],
)
def test_the_shell_is_told_how_a_word_goes_on(words: str, expected: str, cli: CommandLine) -> None:
    position = str(len(words.split()) - 1)
    done = cli.run(_ARCHAEOLOGIST_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=position)
    assert done.code == exits.DONE, done.stderr
    assert [line.split(",")[-1] for line in done.stdout.splitlines()] == [expected]


def test_a_reader_that_leaves_early_is_no_error(cli: CommandLine) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*cli.command, "rules", "list"], env=cli.environment(), stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (exits.DONE, b"")
