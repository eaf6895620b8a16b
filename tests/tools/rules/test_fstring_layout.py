"""How f-strings are laid out: on one line where it fits, lined up, parted at good places, without needless marks."""

from __future__ import annotations

import pytest

from support.rewriting import check_noop, check_transformed, rewrite

PERCENT, FORMAT = "AR001", "AR002"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = ('%s' % (a,))\n", "x = f'{a!s}'\n"),
        ("return_ = 1, ('%s' % (a,))\n", "return_ = 1, f'{a!s}'\n"),
        ("x = [('%s' % (a,)) for a in b]\n", "x = [f'{a!s}' for a in b]\n"),
        ("x = ('%s' % (a,)).encode('ascii')\n", "x = f'{a!s}'.encode('ascii')\n"),
        ("x = a in('%s' % (b,))\n", "x = a in f'{b!s}'\n"),
        ("x = ('%s'\n     % (a,))\n", "x = f'{a!s}'\n"),
        ("print(('%s' % (a,)))\n", "print(f'{a!s}')\n"),
        ("print ('%s' % (a,))\n", "print (f'{a!s}')\n"),
        ("f\n('%s' % (a,)).strip()\n", "f\n(f'{a!s}').strip()\n"),
        ("x = (y # why\n('%s' % (a,)))\n", "x = (y # why\n(f'{a!s}'))\n"),
        ("x = (  # why\n    '%s' % (a,))\n", "x = (  # why\n    f'{a!s}')\n"),
        ("x = ('%s' % (a,)  # why\n     )\n", "x = (f'{a!s}'  # why\n     )\n"),
        ("x = y[0]('%s' % (a,))\n", "x = y[0](f'{a!s}')\n"),
        ("class A(b('%s' % (a,))):\n    pass\n", "class A(b(f'{a!s}')):\n    pass\n"),
        ("x = ('a'\n     '%s' % (a,))\n", "x = ('a'\n     f'{a!s}')\n"),
    ],
)
def test_only_parentheses_that_say_nothing_go(before: str, after: str) -> None:
    check_transformed(before, after, PERCENT)


def test_lines_in_parentheses_of_the_author_line_up() -> None:
    before = (
        "def f(a):\n"
        "    return ('%s: destination=%r, destination_path=%r and more'\n"
        "            % (a.cls, a.destination, a.path))\n"
    )
    after = (
        "def f(a):\n"
        "    return (f'{a.cls!s}: destination={a.destination!r}, '\n"
        "            f'destination_path={a.path!r} and more')\n"
    )
    check_transformed(before, after, PERCENT)


def test_what_is_left_of_a_parted_piece_begins_the_next() -> None:
    before = (
        "raise RuntimeError('the path of the stylesheet (%s) must be %s or '\n"
        "                   '.xml file' % (self.style_path, self.extension))\n"
    )
    after = (
        "raise RuntimeError(f'the path of the stylesheet ({self.style_path!s}) must be '\n"
        "                   f'{self.extension!s} or .xml file')\n"
    )
    check_transformed(before, after, PERCENT)


@pytest.mark.parametrize("end", ["\\n", "-", "\\1"])
def test_what_is_left_stays_apart_when_it_does_not_end_with_a_blank(end: str) -> None:
    source = (
        f"raise RuntimeError('the path of the stylesheet (%s) must be %s or{end}'\n"
        "                   '1xml file' % (self.style_path, self.extension))\n"
    )
    written = rewrite(source, PERCENT).layers[-1].data.decode()
    assert f"or{end}'\n" in written
    values: dict[str, object] = {"self": type("A", (), {"style_path": "p", "extension": "e"})}
    texts = [str(_raised(text, values)) for text in (source, written)]
    assert texts[0] == texts[1]


def _raised(source: str, values: dict[str, object]) -> BaseException:
    with pytest.raises(RuntimeError) as raised:
        exec(source, values)
    return raised.value


def test_a_line_breaks_behind_the_bracket_rather_than_inside_the_text() -> None:
    before = (
        "def f(self):\n"
        "    raise OSError('this is an error in the po file (line number %r)' %\n"
        "                  (self.current_line,))\n"
    )
    after = (
        "def f(self):\n"
        "    raise OSError(\n"
        "        f'this is an error in the po file (line number {self.current_line!r})')\n"
    )
    check_transformed(before, after, PERCENT)


def test_arguments_lined_up_with_the_bracket_keep_the_text_there() -> None:
    before = (
        "def f(self):\n"
        "    warn_about('this is an error in the po file (line number %r)' %\n"
        "               (self.current_line,),\n"
        "               2)\n"
    )
    assert "warn_about('this" in rewrite(before, PERCENT).layers[-1].data.decode()


def test_one_long_line_does_not_allow_others() -> None:
    short = "x = 1\n" * 98
    before = (
        f"{short}# {'-' * 110}\ny = some_function('%s is a long text with a value: %s' % (first_one, second_one))\n"
    )
    written = rewrite(before, PERCENT).layers[-1].data.decode()
    assert max(map(len, written.splitlines()[99:])) <= 79


def test_a_long_line_is_better_than_none_where_the_file_has_one() -> None:
    short = "x = 1\n" * 98
    values = "first_one_of_two, second_one_of_two"
    before = f"{short}# {'-' * 110}\ny = '%s_is_a_text_without_blanks_for_values:%s' % ({values})\n"
    assert rewrite(before, PERCENT).layers != ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = '%s of %s' % (str(a), repr(b.c))\n", "x = f'{a!s} of {b.c!r}'\n"),
        ("x = '%-5s' % (repr(a),)\n", "x = f'{a!r:5}'\n"),
        ("x = '%r' % (str(a),)\n", "x = f'{str(a)!r}'\n"),
        ("x = '%s' % (str(a + b),)\n", "x = f'{str(a + b)}'\n"),
        ("x = '%s' % (str(a, 'utf8'),)\n", "x = f\"{str(a, 'utf8')}\"\n"),
        ("x = '%s' % (str(*a),)\n", "x = f'{str(*a)}'\n"),
        ("x = '%s' % (str(object=a),)\n", "x = f'{str(object=a)}'\n"),
    ],
)
def test_a_call_that_a_conversion_stands_for_is_written_as_one(before: str, after: str) -> None:
    check_transformed(before, after, PERCENT)


def test_a_call_that_is_all_there_is_is_not_called_again() -> None:
    check_transformed("x = '%s' % str(a)\ny = ('%s' % repr(a))\n", "x = str(a)\ny = repr(a)\n", PERCENT)


def test_a_call_of_another_str_stays() -> None:
    check_transformed("from a import str\nx = '%s' % (str(a),)\n", "from a import str\nx = f'{str(a)!s}'\n", PERCENT)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = '{} {:>5}'.format(repr(a), str(b))\n", "x = f'{a!r} {b!s:>5}'\n"),
        ("x = '{!r}'.format(str(a))\n", "x = f'{str(a)!r}'\n"),
        ("x = '{0.x}'.format(str(a))\n", "x = f'{str(a).x}'\n"),
    ],
)
def test_format_writes_conversions_too(before: str, after: str) -> None:
    check_transformed(before, after, FORMAT)


def test_a_text_without_blanks_is_not_torn_for_the_usual_length() -> None:
    short = "x = 1\n" * 98
    field = "self.markdown.htmlStash.get_placeholder(number)"
    before = f"{short}# {'-' * 110}\nhere.replacements['<p>%s</p>' % (\n    {field},)] = 'text'\n"
    assert f"{{{field}!s}}</p>'] = 'text'" in rewrite(before, PERCENT).layers[-1].data.decode()


def test_a_backslash_in_front_of_a_value_is_not_lost() -> None:
    value = "self.d_class.section(self.section_level + 100, a_longer_one)"
    before = f"if x:\n    self.out.append(r'\\%s*{{' % (\n        {value},))\n"
    written = rewrite(before, PERCENT).layers[-1].data.decode()
    assert f"        fr'\\{{{value}!s}}'\n        r'*{{'" in written


def test_text_that_hung_between_parentheses_hangs_there_again() -> None:
    before = (
        "def f(self):\n"
        "    self.method.__doc__ = (\n"
        "        'Return the ``<%s>`` child element, newly added if not present.'\n"
        "    ) % (self._tag_name,)\n"
    )
    after = (
        "def f(self):\n"
        "    self.method.__doc__ = (\n"
        "        f'Return the ``<{self._tag_name!s}>`` child element, newly added if '\n"
        "        'not present.'\n"
        "    )\n"
    )
    check_transformed(before, after, PERCENT)


def test_bracket_behind_a_value_stays_with_it() -> None:
    before = (
        "def f(self, error):\n"
        "    raise Error(\n"
        "        'the input could not be decoded with any of these: %s.\\n(%s)' % (self.tried_encodings, error))\n"
    )
    written = rewrite(before, PERCENT).layers[-1].data.decode()
    assert not any(line.strip().startswith(("')", '")')) for line in written.splitlines())


SURROUNDED = "def f(self, x):\n    self.document.reporter.{}, base_node=self.x)\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "describe(\n        'The \"%s\" is referenced nowhere.' % str(x), x, self.node",
            "describe(\n        f'The \"{x!s}\" is referenced nowhere.', x, self.node",
        ),
        (
            "describe(\n        'The target of the link is \"%s\" which is not it.'\n        % str(x)",
            "describe(\n        f'The target of the link is \"{x!s}\" which is not it.',\n       ",
        ),
        (
            "note('The \"%s\" is not referenced.'\n                                % str(x)",
            "note(f'The \"{x!s}\" is not referenced.',\n                               ",
        ),
        (
            "note(1, 'The \"%s\" is not referenced.'\n                                % str(x)",
            "note(1, f'The \"{x!s}\" is not '\n                                   'referenced.'",
        ),
    ],
)
def test_next_argument_gets_a_line_before_a_text_is_parted(before: str, after: str) -> None:
    check_transformed(SURROUNDED.format(before), SURROUNDED.format(after).replace("  , base", "   base"), PERCENT)


def test_one_of_several_values_is_not_put_in_brackets() -> None:
    fitting = f"def f(x):\n    return {'a' * 52}, '%d' % (x + 1)\n"
    check_noop(fitting, PERCENT, "too-long")
