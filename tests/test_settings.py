from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.errors import UsageError
from archaeologist.settings import KEYS, load_settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    user = tmp_path / "config.toml"
    user.write_text('target-version = "py39"\npython = "/opt/python"\n')
    return {"ARCHAEOLOGIST_CONFIG": str(user)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    (root / "pyproject.toml").write_text('[tool.archaeologist]\ntarget-version = "py310"\nexclude = ["old/*"]\n')
    return root


def test_every_key_has_a_default() -> None:
    settings = load_settings({}, environment={"ARCHAEOLOGIST_CONFIG": "/nowhere"})
    assert {key.name: key.default for key in KEYS} == {name: found.value for name, found in settings.values.items()}
    assert {found.origin for found in settings.values.values()} == {"default"}


def test_the_strongest_source_wins(environment: dict[str, str], root: Path) -> None:
    def target(flags: dict[str, object], variables: dict[str, str], where: Path | None) -> object:
        return load_settings(flags, where, {**environment, **variables}).get("target-version")

    variable = {"ARCHAEOLOGIST_TARGET_VERSION": "py311"}
    assert target({}, {}, None) == "py39"
    assert target({}, {}, root) == "py310"
    assert target({}, variable, root) == "py311"
    assert target({"target-version": "py312"}, variable, root) == "py312"


def test_the_origin_is_told(environment: dict[str, str], root: Path) -> None:
    settings = load_settings({}, root, {**environment, "ARCHAEOLOGIST_RULES": "AR001, strings"})
    assert settings.values["rules"].value == ("AR001", "strings")
    assert settings.values["rules"].origin == "ARCHAEOLOGIST_RULES"
    assert settings.values["exclude"].origin == str(root / "pyproject.toml")
    assert settings.values["python"].origin == environment["ARCHAEOLOGIST_CONFIG"]


@pytest.mark.parametrize(
    ("line", "words", "hint"),
    [
        ('target-verison = "py39"', "unknown key 'target-verison'", "did you mean `target-version`?"),
        ('python = "/evil"', "not a repository's to decide", "ARCHAEOLOGIST_PYTHON"),
        ('state-dir = "/evil"', "not a repository's to decide", "ARCHAEOLOGIST_STATE_DIR"),
        ("trust-tests = true", "not a repository's to decide", "ARCHAEOLOGIST_TRUST_TESTS"),
        ('exclude = "old"', "must be a list of strings", "leave alone"),
        ("test-timeout = true", "must be a number", "seconds"),
    ],
)
def test_a_wrong_line_is_an_error_with_a_hint(
    environment: dict[str, str], root: Path, line: str, words: str, hint: str
) -> None:
    (root / "pyproject.toml").write_text(f"[tool.archaeologist]\n{line}\n")
    with pytest.raises(UsageError, match=words) as wrong:
        load_settings({}, root, environment)
    assert hint in wrong.value.hint


def test_a_broken_pyproject_of_the_code_under_work_configures_nothing(environment: dict[str, str], root: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.archaeologist\n")
    assert load_settings({}, root, environment).get("target-version") == "py39"


@pytest.mark.parametrize(
    ("variable", "text"), [("ARCHAEOLOGIST_TRUST_TESTS", "perhaps"), ("ARCHAEOLOGIST_SERVER_PORT", "many")]
)
def test_a_wrong_variable_is_named(environment: dict[str, str], variable: str, text: str) -> None:
    with pytest.raises(UsageError, match=variable):
        load_settings({}, None, {**environment, variable: text})


def test_a_table_of_keys_holds_strings_only(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    variables = {"ARCHAEOLOGIST_CONFIG": str(config)}
    config.write_text('[keys]\n"app.leave" = "Q"\n')
    assert load_settings({}, environment=variables).get("keys") == {"app.leave": "Q"}
    config.write_text('[keys]\n"app.leave" = 3\n')
    with pytest.raises(UsageError, match="strings only"):
        load_settings({}, environment=variables)
