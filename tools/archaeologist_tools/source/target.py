"""The lowest Python the result has to run on, as the project itself declares it.

Read from the files of the commit, never from the interpreter that happens to run: the same commit gives the same target
on every machine.
"""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archaeologist_tools.errors import UsageError
from archaeologist_tools.source.module import Module, read_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

OLDEST = (3, 6)
FALLBACK_TARGET = "py38"
"""Written for when a repository does not say which Pythons it supports: old enough for what is still in use."""

_NEWEST_MINOR = 30
_CLAUSE = re.compile(r"(?P<operator>~=|===?|!=|<=?|>=?|\^|~)?\s*v?(?P<version>\d+(?:\.\d+)*)(?P<star>\.\*)?")
_CLASSIFIER = re.compile(r"Programming Language :: Python :: 3\.(\d+)")
_TOX = re.compile(r"\bpy3\.?(\d{1,2})\b|\bpy\{([^}]*)\}")
_VERSION = re.compile(r"(?<![\d.])3\.(\d{1,2})(?![\d])")
_MATRIX = re.compile(r"(?im)^\s*-?\s*[\"']?python(?:-version|_version)?s?[\"']?\s*:.*(?:\n\s*-\s*[\"']?[\d.]+.*)*")
_WORKFLOWS = tuple(
    f".github/workflows/{name}.{ending}"
    for name in (
        "ci",
        "test",
        "tests",
        "main",
        "build",
        "python",
        "python-package",
        "pytest",
        "tox",
        "check",
        "workflow",
    )
    for ending in ("yml", "yaml")
)
_MATRIX_FILES = (*_WORKFLOWS, ".travis.yml", ".gitlab-ci.yml", "appveyor.yml", ".appveyor.yml", ".circleci/config.yml")


@dataclass(frozen=True)
class Target:
    """A Python version and where it is declared.

    Attributes:
        version: such as (3, 8).
        origin: words for the report, such as `pyproject.toml: requires-python`.
    """

    version: tuple[int, int]
    origin: str


def parse_target(text: str) -> tuple[int, int]:
    """Read a version written as `py311`, `311` or `3.11`.

    Raises:
        UsageError: it is none, or not a Python 3.
    """
    match = re.fullmatch(r"(?:py)?(3)\.?(\d{1,2})", text.strip().lower())
    if match is None:
        raise UsageError(f"{text!r} is no Python version", "write it as py311 or 3.11")
    return int(match[1]), int(match[2])


def raised_to_oldest(target: Target) -> Target:
    """Give a target that f-strings can be written for: versions before 3.6 are raised to it, and the origin says so."""
    if target.version >= OLDEST:
        return target
    return Target(
        OLDEST, f"{target.origin} names {target.version[0]}.{target.version[1]}, raised to the oldest supported"
    )


def detect_target(read: Callable[[str], bytes | None]) -> Target | None:
    """Find the lowest Python 3 that a project declares.

    Args:
        read: gives the content of a file by its path relative to the root, None when there is none.

    Returns:
        The target of the first source that names a Python 3, None when none does.
    """
    for origin, minors in _declarations(read):
        if minors:
            return Target((3, min(minors)), origin)
    return None


def _declarations(read: Callable[[str], bytes | None]) -> Iterator[tuple[str, set[int]]]:
    """Where a version may be declared, most binding first, with the minor versions named there."""
    pyproject, setup_cfg = _toml(read("pyproject.toml")), _ini(read("setup.cfg"))
    setup = list(_setup_strings(read("setup.py")))
    project = _table(pyproject, "project")
    poetry = _table(pyproject, "tool", "poetry", "dependencies")
    required = [text for keyword, text in setup if keyword == "python_requires"]
    yield "pyproject.toml: requires-python", lowest_allowed(project.get("requires-python"))
    yield "pyproject.toml: tool.poetry.dependencies", lowest_allowed(poetry.get("python"))
    yield "setup.cfg: python_requires", lowest_allowed(setup_cfg.get("options", "python_requires", fallback=None))
    yield "setup.py: python_requires", lowest_allowed(required[0] if required else None)
    yield "pyproject.toml: classifiers", _minors(_CLASSIFIER, map(str, project.get("classifiers", ())))
    cfg_classifiers = setup_cfg.get(
        "metadata", "classifiers", fallback=setup_cfg.get("metadata", "classifier", fallback="")
    )
    yield "setup.cfg: classifiers", _minors(_CLASSIFIER, [cfg_classifiers])
    yield "setup.py: classifiers", _minors(_CLASSIFIER, (text for _, text in setup))
    yield "tox.ini: envlist", _tox_minors(_ini(read("tox.ini")).get("tox", "envlist", fallback=""))
    yield ".python-version", _minors(_VERSION, _lines(read(".python-version")))
    for path in _MATRIX_FILES:
        yield path, _minors(_VERSION, _MATRIX.findall((read(path) or b"").decode(errors="replace")))


def lowest_allowed(specifier: object) -> set[int]:
    """The lowest minor version of Python 3 that a version specifier allows and names; empty when it names none.

    `>=2.7` allows every Python 3 and names none. `>=2.7, !=3.0.*, !=3.1.*` names 3.2 by leaving out what is below.
    """
    if not isinstance(specifier, str):
        return set()
    found = {minor for part in specifier.split("||") for minor in _lowest(list(_CLAUSE.finditer(part)))}
    return {min(found)} if found else set()


def _lowest(clauses: list[re.Match[str]]) -> set[int]:
    allowed = [minor for minor in range(_NEWEST_MINOR) if all(_admits(clause, minor) for clause in clauses)]
    if not clauses or not allowed:
        return set()
    return {allowed[0]} if allowed[0] > 0 or any(map(_names_python3, clauses)) else set()


def _names_python3(clause: re.Match[str]) -> bool:
    return clause["version"].startswith("3") and (clause["operator"] or "==") not in {"<", "<=", "!="}


def _admits(clause: re.Match[str], minor: int) -> bool:
    """Whether some release of Python 3.`minor` meets one clause."""
    operator = clause["operator"] or "=="
    parts = tuple(int(part) for part in clause["version"].split("."))
    asked, here = (*parts, 0)[:2], (3, minor)
    same = here == asked if len(parts) > 1 else here[0] == asked[0]
    # `~=3.6` and `^3.6` stay in Python 3, `~=3.6.1` and `~3.6` in 3.6.
    compatible = (
        here[0] == asked[0] if operator == "^" or (operator == "~=" and len(parts) <= len(here)) else here == asked
    )
    answers = {
        ">=": here >= asked,
        ">": here >= asked,
        "<=": here <= asked,
        "<": here < asked or (here == asked and any(parts[2:])),
        "^": here >= asked and compatible,
        "~=": here >= asked and compatible,
        "~": here >= asked and compatible,
        "!=": not (clause["star"] and same),
    }
    return answers.get(operator, same)


def _toml(data: bytes | None) -> dict[str, Any]:
    try:
        return tomllib.loads((data or b"").decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}


def _table(document: dict[str, Any], *keys: str) -> dict[str, Any]:
    for key in keys:
        value = document.get(key)
        document = value if isinstance(value, dict) else {}
    return document


def _ini(data: bytes | None) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string((data or b"").decode())
    except (configparser.Error, UnicodeDecodeError):
        return configparser.RawConfigParser()
    return parser


def _setup_strings(data: bytes | None) -> Iterator[tuple[str | None, str]]:
    """All strings of a setup.py, those handed over as a keyword with its name. The file is read, never run."""
    module = read_module("setup.py", data or b"")
    if not isinstance(module, Module):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant):
            yield node.arg, str(node.value.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield None, node.value


def _minors(pattern: re.Pattern[str], texts: Iterable[str]) -> set[int]:
    return {int(minor) for text in texts for minor in pattern.findall(text)}


def _tox_minors(text: str) -> set[int]:
    """Minor versions in `py36`, `py3.6` and `py{27,36}`."""
    found: set[int] = set()
    for minor, braces in _TOX.findall(text):
        names = (
            [minor]
            if minor
            else [part.strip()[1:].lstrip(".") for part in braces.split(",") if part.strip().startswith("3")]
        )
        found.update(int(name) for name in names if name.isdigit())
    return found


def _lines(data: bytes | None) -> list[str]:
    return (data or b"").decode(errors="replace").splitlines()
