"""AR010: what must stay, what is written, and that it does the same when it runs."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path
from typing import Any

import pytest

from support.rewriting import check_noop, check_transformed, rewrite

CASES = Path(__file__).parent / "open_without_with"


def cases(name: str) -> list[Any]:
    """The cases of a file, each headed by a line `=== name` or `=== name: reason`."""
    blocks = (CASES / name).read_text(encoding="utf-8").split("=== ")[1:]
    headed = (block.split("\n", 1) for block in blocks)
    return [
        pytest.param(*([text, *head.split(": ")[1:]] if "---\n" not in text else text.split("---\n")), id=head)
        for head, text in headed
    ]


@pytest.mark.parametrize(("source", "reason"), cases("left_alone.txt"))
def test_left_alone(source: str, reason: str) -> None:
    check_noop(source, "AR010", reason)


@pytest.mark.parametrize(("before", "after"), cases("rewritten.txt"))
def test_rewritten(before: str, after: str) -> None:
    check_transformed(before, after, "AR010")


def test_windows_line_endings_and_a_byte_order_mark_survive() -> None:
    before = "\ufeffdef g(p):\n    f = open(p)\n    s = f.read()\n\n    f.close()\n    return s\n".replace("\n", "\r\n")
    after = "\ufeffdef g(p):\n    with open(p) as f:\n        s = f.read()\n\n    return s\n".replace("\n", "\r\n")
    check_transformed(before, after, "AR010")


def test_other_encodings_survive() -> None:
    before = (
        "# coding: latin-1\ndef g(p):\n    f = open('\xe9', 'w'); x = '\xe9'\n    open('\xe9', 'w').write('\xe9')\n"
    )
    (layer,) = rewrite(before.encode("latin-1"), "AR010").layers
    assert layer.data.decode("latin-1").endswith("    with open('\xe9', 'w') as file:\n        file.write('\xe9')\n")


def test_keyword_of_a_long_call_becomes_a_variable() -> None:
    before = "setup(\n    name='x',\n    long_description=open('README').read(),\n)\n"
    after = (
        "with open('README') as f:\n    long_description = f.read()\n\n"
        "setup(\n    name='x',\n    long_description=long_description,\n)\n"
    )
    check_transformed(before, after, "AR010", path="setup.py")


def executed(source: str, folder: Path) -> tuple[object, str, dict[str, bytes]]:
    """Run a program on a file of three lines, and give what it gives, raises and leaves."""
    folder.mkdir()
    (folder / "in.txt").write_text("a\nb\nc\n")
    names: dict[str, object] = {}
    exec(compile(source, "program", "exec"), names)
    value: object = None
    error = ""
    try:
        value = names["run"](str(folder / "in.txt"), str(folder / "out.txt"))  # type: ignore[operator]
    except Exception as problem:  # noqa: BLE001 - which one it is, is compared
        error = f"{type(problem).__name__}: {problem}".replace(str(folder), "")
    if isinstance(value, io.IOBase):
        value = type(value)
    return value, error, {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("body", cases("programs.txt"))
def test_programs_do_the_same(body: str, tmp_path: Path) -> None:
    source = "def run(p, out):\n" + textwrap.indent(body, "    ")
    result = rewrite(source, "AR010", target=(3, 11))
    assert result.layers
    after = result.layers[-1].data.decode()
    assert executed(source, tmp_path / "before") == executed(after, tmp_path / "after")
