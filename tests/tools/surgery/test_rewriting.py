"""New source for one function: what is refused, what is fitted to its place, what stays as it is."""

from __future__ import annotations

import pytest

from archaeologist_tools.engine.layers import splice
from archaeologist_tools.surgery.rewriting import rewrite_function
from support.surgery import module, refusal

SHOP = '''\
import os


# Above the class.
class Shop(Base):
    """A shop."""

    @cached
    def total(self, cart):
        """Sum up."""
        return sum(cart)  # in cents

        # the end


async def fetch(url):
    return url


def twice(n): return 2 * n
'''


def rewritten(source: str | bytes, qualname: str, new: str, line: int | None = None) -> bytes:
    read = module(source)
    done = rewrite_function(read, qualname, new, line=line)
    assert splice(read.data, done.edits, read.encoding) == done.data
    return done.data


@pytest.mark.parametrize(
    ("qualname", "source", "reason"),
    [
        ("Shop.total", "", "the source is empty"),
        ("Shop.sum", "return 1", "app/stock.py defines no class or function `Shop.sum`"),
        ("Shop.totl", "return 1", "no class or function `Shop.totl`; did you mean `Shop"),
        ("total", "return 1", "no class or function `total`"),
        ("Shop.total", "return (", "does not parse: line 1: '(' was never closed"),
        ("Shop.total", "    x = 1\n    return (", "does not parse: line 2"),
        ("Shop.total", "    x = 1\n  return 2", "does not parse"),
        ("Shop.total", "def sum(self, cart):\n    return 1", "defines `sum`, not `total`"),
        ("Shop.total", "async def total(self, cart):\n    return 1", "is a function, and the source is an async"),
        ("fetch", "def fetch(url):\n    return 1", "is an async function, and the source is a function"),
        ("Shop", "def Shop():\n    return 1", "is a class, and the source is a function"),
        ("Shop.total", "import os\ndef total(self, cart):\n    return 1", "give `Shop.total` alone"),
        ("Shop.total", "def total(self, cart):\n    return 1\ntotal = None", "give `Shop.total` alone"),
        ("Shop.total", "# Mine.\ndef total(self, cart):\n    return 1", "begin with the first line of code"),
        ("twice", "return n + n", "has no lines to itself"),
        ("Shop.total", "return '\ud800'", "surrogates not allowed"),
        ("Shop.total", "if cart:\n    return 1\nelse\n    return 2", "does not parse: line 3"),
        ("Shop.total", "return f'{cart!r:'", "does not parse"),
        ("Shop.total", "match cart:\n    case []: return 1", "does not parse"),
        ("Shop.total", "\0", "does not parse"),
    ],
)
def test_refused(qualname: str, source: str, reason: str) -> None:
    assert reason in refusal(rewrite_function, SHOP, qualname, source)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (None, "`f` is defined 2 times, on lines 2, 5; name one by its line"),
        (4, "`f` is not defined on line 4, but on 2, 5"),
    ],
)
def test_one_of_several_must_be_named(line: int | None, reason: str) -> None:
    source = "if x:\n    def f():\n        return 1\nelse:\n    def f():\n        return 2\n"
    assert reason in refusal(rewrite_function, source, "f", "return 3", line=line)
    assert rewritten(source, "f", "return 3", line=6) == source.replace("return 2", "return 3").encode()


def test_a_text_that_the_encoding_lacks_is_refused() -> None:
    source = "# coding: latin-1\ndef f():\n    return 'ä'\n".encode("latin-1")
    assert "has no '\\u2192'" in refusal(rewrite_function, source, "f", "return '→'")
    assert rewritten(source, "f", "return 'äö'") == source.replace(b"\xe4", b"\xe4\xf6")


def test_what_would_swallow_the_code_below_is_refused() -> None:
    source = "def f():\n    return 1\ndef g():\n    return 2\n"
    assert "does not parse" in refusal(rewrite_function, source, "f", "return 1 + \\")
    assert "does not parse" in refusal(rewrite_function, source, "f", "def f():\n    return '''")


@pytest.mark.parametrize(
    "source",
    [
        "def total(self, cart):\n    return max(cart)  # in cents",
        "    def total(self, cart):\n        return max(cart)  # in cents\n\n",
        "\tdef total(self, cart):\n\t\treturn max(cart)  # in cents",
        "def total(self, cart):\r\n  return max(cart)  # in cents\r\n",
    ],
)
def test_any_indentation_is_fitted_and_decorators_stay(source: str) -> None:
    after = SHOP.replace('        """Sum up."""\n        return sum', "        return max")
    assert rewritten(SHOP, "Shop.total", source).decode() == after


@pytest.mark.parametrize(
    "source",
    ["return max(cart)  # in cents", "        return max(cart)  # in cents", "\n\nreturn max(cart)  # in cents\n"],
)
def test_a_body_alone_keeps_header_and_docstring(source: str) -> None:
    assert rewritten(SHOP, "Shop.total", source).decode() == SHOP.replace("return sum", "return max")


def test_a_body_with_a_docstring_replaces_it() -> None:
    after = SHOP.replace('"""Sum up."""\n        return sum(cart)  # in cents', "'''Add.'''\n        return 1")
    assert rewritten(SHOP, "Shop.total", "'''Add.'''\nreturn 1").decode() == after


def test_decorators_that_are_given_replace_those_there() -> None:
    source = '@other\n@more\ndef total(self, cart):\n    """Sum up."""\n    return sum(cart)  # in cents\n'
    assert rewritten(SHOP, "Shop.total", source).decode() == SHOP.replace("@cached", "@other\n    @more")


def test_a_decorator_is_put_above_all_other_lines() -> None:
    assert (
        rewritten(SHOP, "twice", "@cached\ndef twice(n): return 2 * n")
        == SHOP.replace("def twice", "@cached\ndef twice").encode()
    )


def test_comments_around_are_not_doubled() -> None:
    source = '# Above the class.\nclass Shop(Base):\n    """A shop."""\n'
    assert rewritten(SHOP, "Shop", source).decode().startswith("import os\n\n\n# Above the class.\nclass Shop(Base):")
    assert rewritten(SHOP, "Shop", source).decode().count("# Above") == 1
    source = "return 1\n\n# the end"
    after = SHOP.replace("return sum(cart)  # in cents", "return 1")
    assert rewritten(SHOP, "Shop.total", source).decode() == after


def test_what_is_there_already_is_no_edit() -> None:
    assert rewrite_function(module(SHOP), "twice", "def twice(n): return 2 * n").edits == ()


def test_only_the_lines_that_differ_are_replaced() -> None:
    source = "def f(a):\n    x = 1\n    y = 2\n    return x + y\n"
    (edit,) = rewrite_function(module(source), "f", source.replace("y = 2", "y = 3")).edits
    assert (edit.before, edit.after, edit.span.line) == ("    y = 2\n", "    y = 3\n", 3)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_endings_and_a_byte_order_mark_stay(newline: str) -> None:
    source = b"\xef\xbb\xbf" + SHOP.replace("\n", newline).encode()
    after = source.replace(b"return sum(cart)", f"x = 1{newline}        return x".encode())
    assert rewritten(source, "Shop.total", "x = 1\nreturn x  # in cents") == after


def test_mixed_line_endings_stay_where_nothing_changes() -> None:
    source = "def f():\r\n    a = 1\n    b = 2\r\n    return a\n"
    assert rewritten(source, "f", "a = 1\nb = 3\nreturn a") == source.replace("b = 2", "b = 3").encode()


def test_a_file_may_end_without_a_line_ending() -> None:
    source = "def f():\n    return 1"
    assert rewritten(source, "f", "return 2\n") == b"def f():\n    return 2"
    assert rewritten(source, "f", "return 1\n# done") == b"def f():\n    return 1\n    # done"


def test_blanks_become_the_tabs_of_the_file() -> None:
    source = "class A:\n\tdef f(self):\n\t\tif self:\n\t\t\treturn 1\n"
    new = "def f(self):\n    # why\n    if self:\n        return g(1,\n                 2)\n    return '''\n    x'''"
    after = "\t\t# why\n\t\tif self:\n\t\t\treturn g(1,\n\t\t\t         2)\n\t\treturn '''\n    x'''\n"
    assert rewritten(source, "A.f", new).decode() == f"class A:\n\tdef f(self):\n{after}"


QUERY = '''\
class A:
    def f(self):
        """Doc.

        More.
        """
        return """
select
        from
"""
'''


def test_a_function_on_one_line_takes_the_steps_of_its_file() -> None:
    source = "def f():\n\treturn 1\n\n\ndef g(): pass\n"
    after = source.replace("def g(): pass", "def g():\n\tif f():\n\t\treturn 2")
    assert rewritten(source, "g", "def g():\n  if f():\n    return 2\n").decode() == after


@pytest.mark.parametrize("dedent", [0, 4])
def test_texts_of_several_lines_keep_what_they_say(dedent: int) -> None:
    header, _, method = QUERY.partition("\n")
    after = method.replace("return", "return X +")
    given = after.replace("\n" + " " * dedent, "\n").removeprefix(" " * dedent).replace("\n    from", "\n        from")
    assert rewritten(QUERY, "A.f", given).decode() == f"{header}\n{after}"


def test_a_text_that_moved_with_its_code_moves_back() -> None:
    source = 'class A:\n    def f(self):\n        return """\n        select\n        """\n'
    dedented = 'def f(self):\n    return X + """\n    select\n    """\n'
    assert rewritten(source, "A.f", dedented).decode() == source.replace("return", "return X +")


def test_a_nested_function_is_found_by_either_name() -> None:
    source = "def f():\n    def g():\n        return 1\n    return g\n"
    after = source.replace("return 1", "return 2").encode()
    assert rewritten(source, "f.g", "return 2") == rewritten(source, "f.<locals>.g", "return 2") == after
