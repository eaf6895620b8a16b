"""AR041: what must stay, then what is written."""

from __future__ import annotations

import pytest

from support.rewriting import check_noop, check_transformed, rewrite

PARAMETER = "def f(x: {} = None): pass\n"
LEFT_ALONE = [
    (PARAMETER.format("Unknown"), "unknown-type"),
    (PARAMETER.format("'Unknown'"), "unknown-type"),
    (PARAMETER.format("5"), None),
    (PARAMETER.format("f()"), "unknown-type"),
    (PARAMETER.format("'in' 't'"), "unknown-type"),
    (PARAMETER.format("r'int'"), "unknown-type"),
    ("int = g\n" + PARAMETER.format("int"), "unknown-type"),
    ("from x import *\n" + PARAMETER.format("int"), "unknown-type"),
    (
        "try:\n    from pathlib import Path\nexcept ImportError:\n    Path = None\n" + PARAMETER.format("Path"),
        "unknown-type",
    ),
    ("from x import Path\n" + PARAMETER.format("Path"), "unknown-type"),
    ("class A(metaclass=M): pass\n" + PARAMETER.format("A"), "unknown-type"),
    ("class A(Base): pass\n" + PARAMETER.format("A"), "unknown-type"),
    ("@d\nclass A: pass\n" + PARAMETER.format("A"), "unknown-type"),
    ("class A: pass\nA = g()\n" + PARAMETER.format("A"), "unknown-type"),
    ("@d\n" + PARAMETER.format("int"), "decorated"),
    ("@app.get('/')\n" + PARAMETER.format("int"), "decorated"),
    ("@d\nclass A:\n    " + PARAMETER.format("int"), "decorated"),
    ("import pydantic\n" + PARAMETER.format("int"), "annotation-reader"),
    ("from typing import get_type_hints\nget_type_hints(f)\n" + PARAMETER.format("int"), "annotation-reader"),
    ("import inspect\ninspect.signature(f)\n" + PARAMETER.format("int"), "annotation-reader"),
    ("def f(x: int = None): pass  # noqa: RUF013\n", "ignored"),
]


@pytest.mark.parametrize(("source", "reason"), LEFT_ALONE)
def test_left_alone(source: str, reason: str | None) -> None:
    if reason is None:
        assert rewrite(source, "AR041", target=(3, 11)).layers == ()
    else:
        check_noop(source, "AR041", reason, target=(3, 11))


NOT_FOUND = ["Optional[int]", "typing.Optional[int]", "Union[int, None]", "int | None", "Any", "'None | int'", "object"]


@pytest.mark.parametrize("annotation", [*NOT_FOUND, "None", "Literal['a', None]", "'Union[None, int]'"])
def test_not_found(annotation: str) -> None:
    result = rewrite(PARAMETER.format(annotation), "AR041")
    assert (result.layers, result.refusals) == ((), ())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "def f(x: int = None, *, y: str = None): pass\n",
            "def f(x: int | None = None, *, y: str | None = None): pass\n",
        ),
        ("def f(a, b: 'int', /, c: dict=None): pass\n", "def f(a, b: 'int', /, c: dict | None=None): pass\n"),
        ("class A:\n    def f(self, o: 'A' = None): pass\n", "class A:\n    def f(self, o: 'A | None' = None): pass\n"),
        ("def f(x: list[int] = None): pass\n", "def f(x: list[int] | None = None): pass\n"),
        ("def f(x: int | str = None): pass\n", "def f(x: int | str | None = None): pass\n"),
        (
            "import datetime as d\nasync def f(x: d.date = None): pass\n",
            "import datetime as d\nasync def f(x: d.date | None = None): pass\n",
        ),
        (
            "from typing import List\ndef f(x: List['A'] = None): pass\n",
            "from typing import List\ndef f(x: List['A'] | None = None): pass\n",
        ),
        (
            "class E(ValueError): pass\nclass A:\n    @classmethod\n    def f(cls, x: E = None): pass\n",
            "class E(ValueError): pass\nclass A:\n    @classmethod\n    def f(cls, x: E | None = None): pass\n",
        ),
    ],
)
def test_rewritten(before: str, after: str) -> None:
    check_transformed(before, after, "AR041", target=(3, 11))


def test_before_python_3_10_the_union_is_written_with_typing() -> None:
    after = "from typing import Optional\n\n\ndef f(x: Optional[int] = None): pass\n"
    result = rewrite(PARAMETER.format("int"), "AR041", target=(3, 9))
    assert result.layers[-1].data.decode().split() == after.split()
    check_noop("Optional = 1\n" + PARAMETER.format("int"), "AR041", "name-taken", target=(3, 9))
