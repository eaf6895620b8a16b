from __future__ import annotations

import pytest

from archaeologist_tui.reading.code import ESCAPE, coloured, decoded


def shown(line: str) -> tuple[str, list[str]]:
    (content,) = coloured([line], "a.py", ansi=False, dark=True)
    return content.plain, [content.plain[span.start : span.end] for span in content.spans if span.style == ESCAPE]


@pytest.mark.parametrize(
    ("line", "text", "escapes"),
    [
        ("plain = 1", "plain = 1", []),
        ("\tif x:\t# y", "→   if x:→  # y", ["→   ", "→  "]),
        ("a\x1b[31mb", "a\\x1b[31mb", ["\\x1b"]),
        ("a\u202eb\u200bc", "a\\u202eb\\u200bc", ["\\u202e", "\\u200b"]),
        ("mixed\rending", "mixed\\rending", ["\\r"]),
        ("page\x0cbreak\x85\u2028", "page\\x0cbreak\\x85\\u2028", ["\\x0c", "\\x85\\u2028"]),
        ("x <| y", "x <| y", []),
        ("名前 = 'é'", "名前 = 'é'", []),
        ("[red]no markup[/]", "[red]no markup[/]", []),
    ],
)
def test_what_is_hidden_is_shown_and_told_apart(line: str, text: str, escapes: list[str]) -> None:
    assert shown(line) == (text, escapes)


def test_every_line_stays_a_line_whatever_is_in_it() -> None:
    lines = ["'''a\x0b", "b\x1c\x1d\u2029", "", "\x85", "'''", "\ufeffx", "\r"]
    assert [content.plain for content in coloured(lines, "a.py", ansi=False, dark=True)] == [
        "'''a\\x0b",
        "b\\x1c\\x1d\\u2029",
        "",
        "\\x85",
        "'''",
        "\\ufeffx",
        "\\r",
    ]


def test_colours_go_on_over_lines_and_stay_where_they_belong() -> None:
    lines = ["def f():", '    """One', "    two", '    """', "    return 1"]
    contents = coloured(lines, "a.py", ansi=False, dark=True)
    styles = [{content.plain[span.start : span.end]: str(span.style) for span in content.spans} for content in contents]
    assert styles[0]["def"] == "$text-accent"
    assert "italic" in styles[1]['    """One'] or "italic" in styles[1]['"""One']
    assert "italic" in styles[2]["    two"]
    assert styles[4]["1"] == "$text-warning"


@pytest.mark.parametrize("path", ["a.py", "README.md", "README.rst", "a.toml", "setup.cfg", "noname", "a.c"])
@pytest.mark.parametrize(("ansi", "dark"), [(False, True), (True, True), (True, False)])
def test_files_of_any_kind_are_shown(path: str, *, ansi: bool, dark: bool) -> None:
    lines = ["# x", "y = 1", "\ttext"]
    assert [content.plain for content in coloured(lines, path, ansi=ansi, dark=dark)] == ["# x", "y = 1", "→   text"]


def test_a_line_ending_of_windows_is_left_out_where_all_lines_have_it() -> None:
    assert decoded([b"a\r", b"b\r"], "utf-8") == ["a", "b"]
    assert decoded([b"a\r", b"b"], "utf-8") == ["a\r", "b"]
    assert decoded([b"\xe9"], "iso8859-1") == ["é"]
    assert decoded([b"\xe9"], "utf-8") == ["\\xe9"]


def test_of_a_very_long_line_the_rest_is_told_and_not_drawn() -> None:
    lines = decoded([b"x,y\tz\x07 " * 100_000, b"short"], "utf-8")
    first, second = coloured(lines, "a.py", ansi=False, dark=True)
    assert first.plain.endswith(" ... and 696,000 more characters, which an editor shows")
    assert second.plain == "short"
