"""Paths of any shape, built and asked about in any way: both programs give the same, or raise the same exception."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.rewriting import rewrite

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_SETTINGS = settings(deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck])
_MANY, _FEW = settings(_SETTINGS, max_examples=250), settings(_SETTINGS, max_examples=60)

_PARTS = [
    "a",
    "b",
    "f.txt",
    ".",
    "..",
    "",
    "/",
    "./a",
    "a/",
    "a//b",
    "../a",
    "a/..",
    "a/b",
    ".d",
    "x.",
    "..e",
    "/a",
    "b/.",
]
_VALUES = st.sampled_from([*_PARTS, "a/f.txt", "//a", "a/./b", "none", "x" * 300, "a\0", b"a", None, 3])
_LITERALS = st.sampled_from(_PARTS).map(repr)
_LEAVES = st.sampled_from(["x", "__file__", "os.getcwd()", "str(x)", "os.environ['HOME']", "C"]) | _LITERALS


def _built(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = _LITERALS | st.sampled_from(["x", "'p%d' % 1", "x + '.txt'", "C", "os.pardir", "*[x, 'b']"])
    joined = st.tuples(inner, st.lists(parts, min_size=1, max_size=3))
    return st.one_of(
        joined.map(lambda pair: f"os.path.join({', '.join([pair[0], *pair[1]])})"),
        inner.map("os.path.dirname({})".format),
        inner.map("os.path.split({})[0]".format),
        inner.map("os.path.abspath({})".format),
        inner.map("os.path.realpath({})".format),
        inner.map("os.path.normpath({})".format),
    )


_PATHS = st.recursive(_LEAVES, _built, max_leaves=3)
_QUESTIONS = st.sampled_from(
    [
        "{}", "g({})", "[{}]", "os.path.basename({})", "os.path.splitext({})[1]", "os.path.splitext({})",
        "os.path.splitext(os.path.basename({}))[0]", "os.path.exists({})", "os.path.isfile({})", "os.path.isdir({})",
        "os.path.getsize({})", "os.stat({}).st_ino", "sorted(os.listdir({}))", "open({}).close()", "{} + '!'",
        "os.path.relpath({})", "[os.path.basename(p) for p in glob.glob({})]", "str(Path({}))", "'%s' % {}",
        "os.path.samefile({}, 'a')",
        "os.path.exists({0}) and os.path.isfile({0})", "not os.path.exists({0}) or not os.path.isdir({0})",
    ]
)  # fmt: skip
_HEAD = "import glob\nimport os\nfrom pathlib import Path\nC = 'c'\ndef g(p): return repr(p)\n"
_PROGRAMS = st.one_of(
    st.tuples(_PATHS, _QUESTIONS).map(lambda pair: f"def f(x):\n    return {pair[1].format(pair[0])}\n"),
    st.tuples(_PATHS, _QUESTIONS, _QUESTIONS).map(
        lambda many: f"def f(x):\n    h = {many[0]}\n    return {many[1].format('h')}, {many[2].format('h')}\n"
    ),
    st.tuples(_PATHS, _LITERALS, _QUESTIONS, _QUESTIONS).map(
        lambda many: (
            f"def f(x):\n    h = {many[0]}\n    p = os.path.join(h, {many[1]})\n"
            f"    return {many[2].format('p')}, {many[3].format('h')}\n"
        )
    ),
    st.tuples(_PATHS, _QUESTIONS).map(
        lambda pair: f"def f(x):\n    for p in glob.glob({pair[0]}):\n        return {pair[1].format('p')}\n"
    ),
)
_CREATIONS = _PATHS.map("def f(x):\n    if not os.path.isdir({0}):\n        os.makedirs({0})\n".format)


def _filled(place: Path) -> Path:
    (place / "a" / "b").mkdir(parents=True)
    for name in ("a/f.txt", "a/mod.py", "f.txt", "a/b/f.txt", "a/.d"):
        (place / name).write_text(name)
    return place


def _outcome(source: str, value: object, file: str) -> tuple[str, object]:
    names: dict[str, object] = {"__file__": file}
    exec(compile(source, file, "exec"), names)
    try:
        return "gave", names["f"](value)  # type: ignore[operator]  # a function
    except Exception as error:  # noqa: BLE001 - whatever it raises is compared
        return "raised", type(error)


@_MANY
@given(program=_PROGRAMS, values=st.lists(_VALUES, min_size=3, max_size=6))
def test_paths_do_the_same(program: str, values: list[object], tmp_path_factory: pytest.TempPathFactory) -> None:
    source = _HEAD + program
    result = rewrite(source, "AR012", "AR013", target=(3, 11))
    if not result.layers:
        return
    after, place = result.layers[-1].data.decode(), _filled(tmp_path_factory.mktemp("place"))
    # A module that is found through `link/..` is another file for `abspath`; for `absolute` it is the one that runs.
    files = [os.path.join(place, file) for file in ("a/mod.py", "a/../a/mod.py")]  # noqa: PTH118 - kept as it is
    with contextlib.chdir(place):
        for file in files:
            for value in values:
                assert _outcome(after, value, file) == _outcome(source, value, file), after


@_FEW
@given(program=_CREATIONS, value=_VALUES)
def test_folders_are_made_alike(program: str, value: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    source = _HEAD + program
    result = rewrite(source, "AR012", "AR013", target=(3, 11))
    if not result.layers:
        return
    found = []
    for text in (source, result.layers[-1].data.decode()):
        place = _filled(tmp_path_factory.mktemp("place"))
        (place / "inner").mkdir()
        with contextlib.chdir(place / "inner"):
            outcome = _outcome(text, value, str(place / "inner" / "mod.py"))
        found.append((outcome, sorted(path.relative_to(place) for path in place.rglob("*"))))
    assert found[0] == found[1], program
