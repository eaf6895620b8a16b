from __future__ import annotations

from archaeologist.cli.telling.left import place_lines, summed_up
from archaeologist.domain.names import Role
from archaeologist.review.items import LEFT
from archaeologist.review.model import LeftPlace

FOUND = [LeftPlace(f"{name}.py", 3, "AR020", "metaclass", "it has a metaclass", Role.MODERNIZER) for name in "abc"]
WHOLE = [LeftPlace(f"test_{name}.py", 0, "", "test", "a test", Role.MODERNIZER) for name in "ab"]
ITEM = LeftPlace("d.py", 0, "AR012", LEFT, "others read it", Role.MODERNIZER)


def test_places_and_whole_files_are_counted_apart_and_work_items_not_at_all() -> None:
    assert list(summed_up([*FOUND, *WHOLE, ITEM], most=2)) == [
        "left alone: 3 places and 2 files, for 2 reasons",
        "left alone: 3 of AR020 object-base: it has a metaclass, for example a.py:3",
        "left alone: 2 whole files: a test, for example test_a.py",
    ]
    assert list(summed_up([ITEM], most=2)) == []


def test_reasons_beyond_the_most_frequent_are_only_counted() -> None:
    assert list(summed_up([*FOUND, *WHOLE], most=1))[-1] == "left alone: 2 files more, for 1 other reason"


def test_every_place_is_told_with_the_file_first() -> None:
    assert list(place_lines([FOUND[0], WHOLE[0], ITEM])) == [
        "a.py:3: AR020 object-base, metaclass: it has a metaclass",
        "test_a.py: test: a test",
        "d.py: AR012 use-pathlib, left-to-people: others read it",
    ]
