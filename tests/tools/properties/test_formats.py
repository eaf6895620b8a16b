"""Formats of any shape, on any value: the f-string gives the same text, or raises the same exception."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from support.rewriting import rewrite

if TYPE_CHECKING:
    from collections.abc import Callable

_FEW = settings(max_examples=250, deadline=None, derandomize=True, database=None)

_INTS = st.integers(-(10**20), 10**20) | st.integers(-300, 300)
_FLOATS = st.floats() | st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan, 1e16, 2.5, 1e-7])
_TEXTS = st.text(max_size=8)
_BYTES = st.binary(max_size=4)
_VALUES = {
    "int": _INTS | st.booleans(),
    "float": _FLOATS | _INTS,
    "bool": st.booleans(),
    "str": _TEXTS,
    "bytes": _BYTES,
    "None": st.none(),
    "list": st.lists(_INTS | _TEXTS, max_size=3),
    "'int | None'": _INTS | st.none(),
    "'str | float'": _TEXTS | _FLOATS,
}
_ANY = st.one_of(*_VALUES.values(), st.tuples(_INTS), st.tuples(_TEXTS, _INTS), st.just(()), st.just({"k": 1}))
# What comes before the format, and which values it takes.
_EVIDENCE = {
    **{f"def f(x: {name}):\n": values for name, values in _VALUES.items()},
    "def f(x):\n": _ANY,
    "def f(x):\n    x = repr(x)\n": _ANY,
    "def f(x):\n    x = int(x)\n": _ANY,
    "def f(x):\n    x = float(x)\n": _ANY,
    "def f(x):\n    x = x / 2\n": _INTS | _FLOATS,
    "def f(x):\n    x = [x]\n": _ANY,
    "def f(x):\n    x = x or 'none'\n": _ANY,
    "def f(x):\n    if isinstance(x, tuple): return None\n": _ANY,
    "def f(x):\n    if not isinstance(x, (int, float)): return None\n": _ANY,
    "def f(x):\n    if x != 5 and x != 'a': return None\n": _ANY,
    "def f(x):\n    for x in [x]: pass\n": _ANY,
}


def _function(source: str) -> Callable[[object], object]:
    names: dict[str, Callable[[object], object]] = {}
    exec(compile(source, "mod.py", "exec"), names)
    return names["f"]


def _outcome(function: Callable[[object], object], value: object) -> tuple[str, object]:
    try:
        return "text", function(value)
    except Exception as error:  # noqa: BLE001 - whatever it raises is compared
        return "raised", type(error)


def _check(source: str, rule: str, values: list[object]) -> None:
    result = rewrite(source, rule)
    if result.layers:
        text = result.layers[-1].data.decode()
        after, before = _function(text), _function(source)
        for value in values:
            assert _outcome(after, value) == _outcome(before, value), text


_SPECIFIERS = st.builds(
    "%{}{}{}{}".format,
    st.sampled_from(["", "", "", "-", "0", "+", " ", "#", "-0", "+#", " -", "+ "]),
    st.sampled_from(["", "", "1", "5", "12"]),
    st.sampled_from(["", "", ".", ".0", ".2", ".7"]),
    st.sampled_from("sssssrrddddiuxXofFgGeEca"),
)
_RIGHT = ("x", "(x,)", "[x]", "(x + 1)")
_AROUND = st.sampled_from(["{}", "a {} b", "100%% {}", "{{{}}}", "\\\\{}\\\\", "\\N{{BULLET}}{}", '"{}"'])


@_FEW
@given(st.data(), st.sampled_from(sorted(_EVIDENCE)), _AROUND, _SPECIFIERS, st.sampled_from(_RIGHT))
def test_percent_formats_give_the_same(data: st.DataObject, start: str, around: str, spec: str, right: str) -> None:
    _check(
        f"{start}    return '{around.format(spec)}' % {right}\n",
        "AR001",
        data.draw(st.lists(_EVIDENCE[start], min_size=1, max_size=5)),
    )


_FORMATS = st.builds(
    "{}{}{}{}{}{}{}".format,
    st.sampled_from(["", "", "!r", "!s", "!a"]),
    st.sampled_from(["", ":", ":<", ":*^", ":'>", ":=", ":!<"]),
    st.sampled_from(["", "", "+", " ", "-"]),
    st.sampled_from(["", "", "#", "0"]),
    st.sampled_from(["", "5", "12", "{{}}", "{{w}}"]),
    st.sampled_from(["", "", ".2", ",", "_"]),
    st.sampled_from(["", "", "s", "d", "f", "x", "g", "%", "n", "c"]),
)


@_FEW
@given(st.data(), st.sampled_from(["", "", "0", "x", "0.real", "0[0]"]), _FORMATS, st.sampled_from(sorted(_EVIDENCE)))
def test_format_calls_give_the_same(data: st.DataObject, name: str, spec: str, start: str) -> None:
    template = f"a {{{name}{spec.replace('{{', '{').replace('}}', '}')}}} {{{{}}}}"
    arguments = data.draw(st.sampled_from(["x", "x", "x, 7", "x=x", "x=x, w=7", "x, w=7"]))
    _check(
        f'{start}    return "{template}".format({arguments})\n',
        "AR002",
        data.draw(st.lists(_EVIDENCE[start], min_size=1, max_size=5)),
    )


@_FEW
@given(
    st.text(alphabet="%{}s\\'\"adN \t\u00e9r", max_size=12),
    st.sampled_from(["", "r", "u", "R"]),
    st.lists(_ANY, min_size=1, max_size=3),
)
def test_templates_of_any_characters_give_the_same(body: str, prefix: str, values: list[object]) -> None:
    for call, rule in ((" % (x,)", "AR001"), (".format(x)", "AR002")):
        for quote in ("'", '"""'):
            source = f"def f(x):\n    return {prefix}{quote}{body}{quote}{call}\n"
            try:
                compile(source, "mod.py", "exec")
            except (SyntaxError, ValueError):
                continue
            _check(source, rule, values)
