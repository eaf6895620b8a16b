"""The version a project declares."""

from __future__ import annotations

import pytest

from archaeologist_tools.errors import UsageError
from archaeologist_tools.source.target import Target, detect_target, lowest_allowed, parse_target, raised_to_oldest

PYTHON = "Programming Language :: Python :: "


@pytest.mark.parametrize(
    ("text", "version"), [("py311", (3, 11)), ("3.8", (3, 8)), ("39", (3, 9)), (" PY3.10 ", (3, 10))]
)
def test_parse(text: str, version: tuple[int, int]) -> None:
    assert parse_target(text) == version


@pytest.mark.parametrize("text", ["", "2.7", "py27", "3", "python3.8", "3.8.1", "x"])
def test_parse_refuses(text: str) -> None:
    with pytest.raises(UsageError):
        parse_target(text)


@pytest.mark.parametrize(
    ("specifier", "minor"),
    [
        (">=3.8", 8),
        (">=3.6,<4", 6),
        (">=3.6.2", 6),
        (">3.5", 5),
        ("~=3.6", 6),
        ("~=3.7.2", 7),
        ("==3.9.*", 9),
        ("3.10", 10),
        ("^3.8", 8),
        ("^2.7 || ^3.5", 5),
        (">=3", 0),
        (">=2.7, !=3.0.*, !=3.1.*, !=3.2.*", 3),
        (">=2.7, !=3.0.*, !=3.1.*, <4", 2),
        (">=2.7", None),
        ("<4", None),
        (">=2.7, <3", None),
        ("", None),
        (None, None),
    ],
)
def test_lowest_allowed(specifier: str | None, minor: int | None) -> None:
    assert lowest_allowed(specifier) == ({minor} if minor is not None else set())


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, None),
        ({"pyproject.toml": "[project]\nrequires-python = '>=3.9'\n"}, ((3, 9), "pyproject.toml: requires-python")),
        ({"pyproject.toml": "[tool.poetry.dependencies]\npython = '^3.7'\n"}, ((3, 7), "poetry")),
        ({"pyproject.toml": "not toml ["}, None),
        ({"setup.cfg": "[options]\npython_requires = >=3.6\n"}, ((3, 6), "setup.cfg: python_requires")),
        (
            {"setup.cfg": "[metadata]\nclassifiers =\n    Programming Language :: Python :: 3.5\n"},
            ((3, 5), "classifiers"),
        ),
        ({"setup.cfg": "python_requires = >=3.6\n"}, None),
        ({"setup.py": "setup(python_requires='>=3.5')\n"}, ((3, 5), "setup.py: python_requires")),
        ({"setup.py": "v = '>=3.5'\nsetup(python_requires=v)\n"}, None),
        (
            {"setup.py": f"c = ['{PYTHON}3.%s']\nx = '{PYTHON}3.4'\n"},
            ((3, 4), "setup.py: classifiers"),
        ),
        ({"setup.py": "print 'x'\n"}, None),
        ({"tox.ini": "[tox]\nenvlist = py27,py36,py310\n"}, ((3, 6), "tox.ini")),
        ({"tox.ini": "[tox]\nenvlist = py{27,35,36}-django\n"}, ((3, 5), "tox.ini")),
        ({".python-version": "3.9.4\n"}, ((3, 9), ".python-version")),
        ({".travis.yml": "python:\n  - 2.7\n  - '3.6'\n  - 3.10\n"}, ((3, 6), ".travis.yml")),
        (
            {".github/workflows/ci.yml": "  matrix:\n    python-version: ['3.8', '3.9']\n    node: ['3.1']\n"},
            ((3, 8), ".github/workflows/ci.yml"),
        ),
    ],
)
def test_detect(files: dict[str, str], expected: tuple[tuple[int, int], str] | None) -> None:
    target = detect_target(lambda path: files[path].encode() if path in files else None)
    if expected is None:
        assert target is None
    else:
        assert target is not None
        assert target.version == expected[0]
        assert expected[1] in target.origin


def test_binding_declaration_comes_before_a_claim() -> None:
    files = {
        "setup.py": b"setup(python_requires='>=3.7', classifiers=['Programming Language :: Python :: 3.4'])\n",
        "tox.ini": b"[tox]\nenvlist = py33\n",
    }
    assert detect_target(files.get) == Target((3, 7), "setup.py: python_requires")


def test_python_2_declaration_falls_through_to_the_classifiers() -> None:
    source = b"setup(python_requires='>=2.7', classifiers=['Programming Language :: Python :: 3.6'])\n"
    assert detect_target({"setup.py": source}.get) == Target((3, 6), "setup.py: classifiers")


def test_version_before_f_strings_is_raised_and_said() -> None:
    raised = raised_to_oldest(Target((3, 2), "setup.py: classifiers"))
    assert raised.version == (3, 6)
    assert "names 3.2" in raised.origin
    assert raised_to_oldest(Target((3, 9), "x")) == Target((3, 9), "x")
