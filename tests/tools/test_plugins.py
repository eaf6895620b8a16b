from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.commandline import CommandLine
from support.plugins import RULE, install
from support.repositories import make_repository

if TYPE_CHECKING:
    from pathlib import Path

RULES = {"archaeologist.rules": "acme_rules"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def archaeologist(tmp_path: Path, site: Path) -> CommandLine:
    home = tmp_path / "home"
    home.mkdir()
    return CommandLine(tmp_path / "state", home, {"PYTHONPATH": str(site)})


def test_a_rule_of_a_plugin_is_listed_and_explained(archaeologist: CommandLine, site: Path) -> None:
    install(site, "acme-rules", RULES, acme_rules=RULE)
    listed = {record["code"]: record for record in archaeologist.run("rules", "list", "--json").records}
    assert listed["ACME001"]["name"] == "old-greeting"
    assert "AR001" in listed
    assert "Writes `greet` for `old_greet`." in archaeologist.run("rules", "show", "old-greeting").stdout


def test_a_rule_of_a_plugin_rewrites_in_every_process(archaeologist: CommandLine, site: Path, tmp_path: Path) -> None:
    install(site, "acme-rules", RULES, acme_rules=RULE)
    for at in range(4):  # so much that one process is not enough
        (tmp_path / f"code{at}.py").write_text("print(1)\n" * 10_000 + "old_greet()\nclass A(object): pass\n")
    done = archaeologist.run("rules", "apply", *(tmp_path / f"code{at}.py" for at in range(4)))
    assert done.code == 0, done.stderr
    for at in range(4):
        assert (tmp_path / f"code{at}.py").read_text().endswith("\ngreet()\nclass A: pass\n")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import nowhere", "ModuleNotFoundError: No module named 'nowhere'"),
        ("def broken(:", "SyntaxError: invalid syntax"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        (RULE.replace("ACME001", "AR020"), "a rule may not have the code 'AR020'"),
        (RULE.replace("ACME001", "AR999"), "a rule may not have the code 'AR999'"),
        (RULE.replace("ACME001", "acme"), "a rule may not have the code 'acme'"),
        (RULE.replace("old-greeting", "Old Greeting"), "ACME001: a rule may not have the name 'Old Greeting'"),
        (RULE.replace("old-greeting", "object-base"), "ValueError: ACME001 object-base is registered twice"),
        (RULE.replace('"syntax"', '"greetings"'), "ACME001: there is no family 'greetings'"),
        (RULE.replace("def matches", "def finds"), "TypeError: Can't instantiate abstract class OldGreeting"),
    ],
    ids=lambda text: text[-30:],
)
def test_a_broken_plugin_is_named(source: str, why: str, archaeologist: CommandLine, site: Path) -> None:
    install(site, "acme-rules", RULES, version="2.1", acme_rules=source)
    done = archaeologist.run("rules", "list")
    assert done.code == 2
    assert done.error.startswith(f"plugin acme-rules 2.1 cannot be used: {why}")
    assert done.error.endswith("(archaeologist.rules: mine = acme_rules)")
    assert done.hint == "mend or upgrade it, or `pip uninstall acme-rules`"


def test_no_run_is_opened_with_a_broken_plugin(archaeologist: CommandLine, site: Path, tmp_path: Path) -> None:
    install(site, "acme-rules", RULES, acme_rules="1 / 0")
    done = archaeologist.run("modernize", make_repository("inventory", tmp_path / "inventory"))
    assert done.code == 2
    assert done.error.startswith("plugin acme-rules 1.0 cannot be used: ZeroDivisionError")
    assert not archaeologist.state.exists()


def test_two_plugins_with_one_code_name_the_second(archaeologist: CommandLine, site: Path) -> None:
    install(site, "acme-rules", RULES, acme_rules=RULE)
    install(site, "zeta", {"archaeologist.rules": "zeta_rules"}, zeta_rules=RULE)
    assert archaeologist.run("rules", "list").error.startswith(
        "plugin zeta 1.0 cannot be used: ValueError: ACME001 old-greeting is registered twice"
    )


def test_a_distribution_in_the_current_directory_is_not_installed(tmp_path: Path) -> None:
    install(tmp_path, "evil", {"archaeologist.rules": "evil_rules"}, evil_rules="raise SystemExit('taken over')")
    done = subprocess.run(
        [sys.executable, "-m", "archaeologist", "rules", "list"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "AR001" in done.stdout


FAILS_TWICE = """
from archaeologist_tools.engine.registry import all_rules
from archaeologist_tools.errors import UsageError

for attempt in range(2):
    try:
        all_rules()
    except UsageError as error:
        print(error)
"""


def test_a_broken_plugin_is_told_in_the_same_words_again(archaeologist: CommandLine, site: Path) -> None:
    install(site, "acme-rules", RULES, acme_rules=f"{RULE}\n1 / 0\n")
    done = subprocess.run(
        [sys.executable, "-P", "-c", FAILS_TWICE],
        env=archaeologist.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = done.stdout.splitlines()
    assert first == second
    assert "ZeroDivisionError" in first
