from __future__ import annotations

import gc
import weakref

import pytest
from textual.content import Content

from archaeologist_tui.reading.query import parsed
from archaeologist_tui.widgets.entries import Paragraph, plain
from archaeologist_tui.widgets.layout import Layout


def leaf(name: str, *inside: Paragraph, opened: bool = False) -> Paragraph:
    return Paragraph(name, Content(name), inside=inside, opened=opened)


def tree(*, hides: bool = True) -> Layout:
    layout = Layout(hides=hides)
    layout.set(
        [leaf("rules", leaf("AR001", leaf("app/io.py")), leaf("AR002")), leaf("tests", leaf("slow"), opened=True)]
    )
    return layout


def seen(layout: Layout) -> list[str]:
    return [shown.level * " " + shown.entry.key for shown in layout.shown]


def test_what_is_inside_is_shown_when_it_is_open() -> None:
    layout = tree()
    assert seen(layout) == ["rules", "tests", " slow"]
    layout.turn("rules", opened=True)
    layout.turn("tests", opened=False)
    assert seen(layout) == ["rules", " AR001", " AR002", "tests"]


def test_a_search_opens_the_way_to_what_it_finds_and_hides_the_rest() -> None:
    layout = tree()
    layout.look_for(parsed("io.py"))
    assert seen(layout) == ["rules", " AR001", "  app/io.py"]
    assert layout.found == [2]
    layout.look_for(parsed(""))
    assert seen(layout) == ["rules", "tests", " slow"]


@pytest.mark.parametrize(
    "typed",
    [
        ("a", "ar", "ar0", "ar00", "ar001"),
        ("s", "sl", "slow", "slo", "s", ""),
        ("e", "e -slow", "e -slow r"),
        ("io", "io.py", "app/io.py", "rules"),
        ('"ar', '"ar001"', "ar ar0"),
    ],
)
@pytest.mark.parametrize("hides", [True, False])
def test_letter_by_letter_the_same_is_found_as_at_once(typed: tuple[str, ...], hides: bool) -> None:
    layout = tree(hides=hides)
    for text in typed:
        layout.look_for(parsed(text))
        at_once = tree(hides=hides)
        at_once.look_for(parsed(text))
        assert (seen(layout), layout.found, layout.height) == (seen(at_once), at_once.found, at_once.height)


def test_what_came_after_a_search_is_found_when_more_is_typed() -> None:
    layout = tree()
    layout.look_for(parsed("s"))
    layout.add([leaf("slower")])
    layout.look_for(parsed("slow"))
    assert seen(layout) == ["tests", " slow", "slower"]


def test_what_a_search_opened_can_be_closed_again() -> None:
    layout = tree()
    layout.look_for(parsed("io.py"))
    layout.turn("AR001", opened=False)
    assert (seen(layout), layout.found) == (["rules", " AR001"], [])
    layout.turn("AR001", opened=True)
    assert (seen(layout), layout.found) == (["rules", " AR001", "  app/io.py"], [2])


def test_an_entry_that_is_found_shows_all_that_it_held_before() -> None:
    layout = tree()
    layout.look_for(parsed("tests"))
    assert seen(layout) == ["tests", " slow"]


def test_a_search_that_hides_nothing_finds_what_is_in_closed_entries() -> None:
    layout = tree(hides=False)
    layout.look_for(parsed("io.py"))
    assert seen(layout) == ["rules", "tests", " slow"]
    assert layout.next_found(1, 1) == 0
    layout.look_for(parsed("nothing"))
    assert layout.next_found(0, 1) is None


def test_matches_are_gone_through_in_circles() -> None:
    layout = tree(hides=False)
    layout.look_for(parsed("s"))
    assert [layout.next_found(place, 1) for place in range(3)] == [1, 2, 0]
    assert [layout.next_found(place, -1) for place in range(3)] == [2, 0, 1]


def test_lines_belong_to_entries_at_every_width() -> None:
    layout = Layout(marks=False)
    layout.set([Paragraph(str(number), plain("word " * number)) for number in range(1, 9)])
    for width in (60, 12, 9, 200):
        layout.resize(width)
        places = [layout.at(line) for line in range(layout.height)]
        assert [place for place, _ in places] == sorted(place for place, _ in places)
        assert {place for place, _ in places} == set(range(8))
        assert all(layout.top(place) + nth == line for line, (place, nth) in enumerate(places))


@pytest.mark.parametrize("text", ["short", "much longer than one line of so few cells"])
def test_an_entry_that_is_replaced_keeps_its_place(text: str) -> None:
    layout = Layout(marks=False)
    layout.resize(20)
    layout.set([leaf("one"), leaf("two"), leaf("three")])
    layout.replace(Paragraph("two", Content(text)))
    whole = Layout(marks=False)
    whole.resize(20)
    whole.set(layout.entries)
    assert [shown.entry.text for shown in layout.shown] == ["one", text, "three"]
    assert [layout.at(line) for line in range(layout.height)] == [whole.at(line) for line in range(whole.height)]


def test_an_entry_that_is_made_anew_is_wrapped_for_its_new_text_and_lead() -> None:
    layout = Layout(marks=False)
    layout.resize(20)
    layout.set([Paragraph("one", Content("0123456789"))])
    assert layout.height == 1
    layout.set([Paragraph("one", Content("0123456789"), Content("a long lead: "))])
    assert layout.height == 2
    layout.set([Paragraph("one", Content("01234 " * 10))])
    assert layout.height == 4


def test_more_entries_are_the_same_as_all_at_once() -> None:
    entries = [leaf(str(number), leaf(f"in {number}"), opened=number % 2 == 0) for number in range(10)]
    parts, whole = Layout(), Layout()
    whole.set(entries)
    for entry in entries:
        parts.add([entry])
    assert ([(s.entry, s.level, s.starts) for s in parts.shown], parts.height) == (
        [(s.entry, s.level, s.starts) for s in whole.shown],
        whole.height,
    )
    assert [parts.place(shown.entry.key) for shown in whole.shown] == list(range(len(whole.shown)))
    parts.drop(4)
    assert parts.shown[0].entry.key == "4"


def test_nothing_is_kept_of_entries_that_are_dropped() -> None:
    layout = Layout()
    layout.set([leaf("first", leaf("in it")), leaf("second")])
    layout.turn("first", opened=True)
    known = [weakref.ref(shown.entry) for shown in layout.shown]
    layout.drop(1)
    gc.collect()
    assert [entry() is None for entry in known] == [True, True, False]
