"""What is claimed of texts holds for every value that could stand in them."""

from __future__ import annotations

import ast
import itertools
import posixpath
from pathlib import PurePosixPath

import pytest

from archaeologist_tools.paths import strings

# Every way for a text to be no plain name, and some that only look so.
NASTY = ["", "a", "a/b", "/", "/a", "//a", "a/", "a//", "a/.", "a/..", ".", "..", "./a", "../a", "a/../b", "...", ".a"]
NASTY += ["a.", "a./", "a/b/", " ", "\\", "a\\", "~", "a:b", "-", "%", "a\n", "é/.", "..a", "a..", "/.", "/.."]

LITERALS = [
    "''",
    "'a'",
    "'a/b'",
    "'a/b/c'",
    "'a/'",
    "'./a'",
    "'../a'",
    "'a/..'",
    "'a/.'",
    "'.'",
    "'..'",
    "'a//b'",
    "'...'",
]
TEMPLATES = ["'%s'", "'%s.c'", "'%s.'", "'%s/'", "'%s..'", "'a%s'", "'/%s'", "'%r'", "'%s%%'", "'%5s'", "'%s/a'"]
SUMS = [
    "'' + x",
    "x + '.c'",
    "x + '.'",
    "x + '/'",
    "'a' + x",
    "'a/' + x",
    "x + 'c/d'",
    "x + '' + 'c'",
    "'..' + x",
    "x + 'a%d' % n",
]
FSTRINGS = ["f'{x}'", "f'{x}.c'", "f'{x}.'", "f'{x}/'", "f'a{x}'", "f'{x}a{n}'", "f'{x}{{}}'", "f''", "f'{n:03}'"]
EXPRESSIONS = [
    *LITERALS,
    *(f"{template} % (x,)" for template in TEMPLATES),
    "'%s' % x",
    "'%d' % n",
    "'a%03d' % n",
    "'%s%d' % (x, n)",
    "'%(x)s.c' % {'x': x}",
    *SUMS,
    *FSTRINGS,
    "'{}.c'.format(x)",
    "'/'.join([x, x])",
]


def holds(claim: strings.Text, text: str) -> None:
    assert claim.is_str
    assert text or not claim.filled
    if claim.whole:
        assert claim.names == len(text.split("/"))
    if claim.plain and text:
        assert str(PurePosixPath(text)) == text
    if claim.worded:
        assert posixpath.splitext(text)[1] == PurePosixPath(text).suffix
        assert posixpath.splitext(posixpath.basename(text))[0] == PurePosixPath(text).stem
    for _ in range(claim.names):
        assert posixpath.basename(text) == PurePosixPath(text).name
        assert PurePosixPath(posixpath.dirname(text)) == PurePosixPath(text).parent
        assert text[-1:] != "/"
        text = posixpath.dirname(text)


@pytest.mark.parametrize("source", EXPRESSIONS)
def test_claims_of_expressions(source: str) -> None:
    claim = strings.of_expression(ast.parse(source, mode="eval").body)
    assert claim is not None
    for x, n in itertools.product(NASTY, (0, -1, 12)):
        holds(claim, eval(source, {"x": x, "n": n}))


@pytest.mark.parametrize("last", ["'c'", "'c/d'", "'../c'", "x + '.c'", "'%d' % n", "'..'"])
def test_claims_of_joined_texts_and_their_parents(last: str) -> None:
    parts = ["x", "'b'", last]
    known = [strings.of_expression(ast.parse(part, mode="eval").body) or strings.UNKNOWN for part in parts]
    claim = strings.joined(known)
    for x in NASTY:
        text = posixpath.join(*(eval(part, {"x": x, "n": 7}) for part in parts))
        holds(claim, text)
        assert PurePosixPath(text) == PurePosixPath(x, "b") / eval(last, {"x": x, "n": 7})
        if claim.names:
            above = strings.parent(claim)
            assert posixpath.dirname(text) or not above.filled


@pytest.mark.parametrize("parts", [["f", "'c'"], ["f", "'c'", "'d.e'"], ["f", "'.c'"], ["f", "'c.'"], ["f", "'c/d'"]])
def test_claims_of_what_lies_below_the_file_of_the_code(parts: list[str]) -> None:
    known = [strings.Text(is_str=True, filled=True, names=2, plain=True)]
    known += [strings.of_literal(ast.literal_eval(part)) for part in parts[1:]]
    for f in ("/a/b", "a/b", "/a/../b/c", "/x/y.z"):
        holds(strings.joined(known), posixpath.join(*(eval(part, {"f": f}) for part in parts)))
        holds(strings.parent(known[0]), posixpath.dirname(f))
        holds(strings.joined([strings.parent(known[0]), *known[1:]]), posixpath.join(f, *map(eval, parts[1:])))


def test_folder_of_a_bare_name_may_be_empty() -> None:
    assert not strings.parent(strings.of_literal("a")).filled
    assert strings.parent(strings.of_literal("a/b")).filled


def test_what_is_one_of_several_is_known_only_as_far_as_all_are() -> None:
    known = strings.of_literal("a/b")
    assert strings.either([known, strings.of_literal("c")]).names == 1
    assert strings.either([known, strings.UNKNOWN]) == strings.UNKNOWN


@pytest.mark.parametrize("source", ["x", "f(x)", "x.y", "b'a'", "1", "None", "b'%s' % x", "x % y", "x.format(y)"])
def test_nothing_is_claimed(source: str) -> None:
    assert strings.of_expression(ast.parse(source, mode="eval").body) in {None, strings.UNKNOWN}
