from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from archaeologist.agents.steps.packing import CHARACTERS, NOTES, Note, named, packed

if TYPE_CHECKING:
    from archaeologist.documents import CodePlace, WorkItem


def note(
    path: str, qualname: str = "f", where: str = "1", text: str = "AR001 not applied: why", kind: str = "AR001"
) -> Note:
    return Note(path, qualname, kind, where, text)


def items(*notes: Note, size: int = 10) -> list[WorkItem]:
    return list(packed(notes, lambda _: size))


def places(item: WorkItem) -> list[str]:
    return [f"{place.path}:{place.qualname}" for place in item.places]


def test_small_modules_share_an_item() -> None:
    (item,) = items(note("a.py"), note("b.py", kind="AR012"), note("c.py"))
    assert places(item) == ["a.py:f", "b.py:f", "c.py:f"]
    assert (item.kind, item.title) == ("AR001", "a.py, b.py, c.py")


def test_a_module_that_fits_into_an_item_is_not_cut() -> None:
    first, second = items(note("a.py"), *(note("b.py", f"f{number}") for number in range(NOTES)))
    assert places(first) == ["a.py:f"]
    assert len(second.places) == NOTES


def test_a_module_with_many_notes_has_several_items() -> None:
    found = items(*(note("a.py", f"f{number}") for number in range(NOTES * 2 + 1)))
    assert [len(item.places) for item in found] == [NOTES, NOTES, 1]


def test_notes_on_one_function_stay_together_wherever_they_come_and_however_many_there_are() -> None:
    found = items(
        *(note("a.py", "long", str(number)) for number in range(NOTES)), note("a.py", "f"), note("a.py", "long", "last")
    )
    assert [places(item) for item in found] == [["a.py:long"], ["a.py:f"]]


def test_items_with_much_code_are_cut_though_they_have_few_notes() -> None:
    found = items(note("a.py"), note("b.py"), note("c.py"), size=CHARACTERS // 2)
    assert [item.title for item in found] == ["a.py, b.py", "c.py"]


def test_what_is_said_of_several_places_of_a_module_is_said_once() -> None:
    (item,) = items(
        note("a.py", "f", "3"),
        note("a.py", "g", "9"),
        note("a.py", "f", "3"),
        note("a.py", "f", "4", "AR012 not applied: no"),
        note("b.py", "f", "`f`"),
    )
    assert item.notes == (
        "a.py, lines 3, 9: AR001 not applied: why",
        "a.py, line 4: AR012 not applied: no",
        "b.py, `f`: AR001 not applied: why",
    )


def test_of_many_modules_the_title_names_the_first() -> None:
    assert named(["a.py", "a.py", "b.py", "c.py"]) == "a.py, b.py, c.py"
    assert named(["a.py", "b.py", "c.py", "d.py", "e.py"]) == "a.py, b.py, c.py and 2 more"


_NOTES = st.lists(
    st.builds(note, st.sampled_from(["a.py", "b.py", "c.py"]), st.sampled_from("fghijkl"), st.sampled_from("123456789"))
)


@given(_NOTES, st.dictionaries(st.sampled_from("fghijkl"), st.integers(1, CHARACTERS * 2)))
def test_every_place_is_in_one_item_and_items_are_no_bigger_than_they_must(
    notes: list[Note], sizes: dict[str, int]
) -> None:
    def size(place: CodePlace) -> int:
        return sizes.get(place.qualname, 1)

    notes.sort(key=lambda each: each.path)
    found = list(packed(notes, size))
    shown = [place for item in found for place in item.places]
    assert len(shown) == len(set(shown))
    assert set(shown) == {each.place for each in notes}
    for item in found:
        if len(item.places) > 1:
            assert sum(map(size, item.places)) <= CHARACTERS
            assert sum(each.place in item.places for each in notes) <= NOTES
