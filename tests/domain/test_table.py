"""A table is a mapping, and stays as it is whatever becomes of it."""

from __future__ import annotations

from random import Random

import pytest

from archaeologist.domain.table import CHUNK, Table


def changed(table: Table[str, int], dice: Random, size: int) -> tuple[Table[str, int], dict[str, int]]:
    """Return a table that comes from one by some random changes, and what a dict would be after these."""
    draft, twin = table.draft(), dict(table.items())
    for _ in range(size):
        known = list(twin) if dice.random() < 0.5 else []
        key = dice.choice(known) if known else f"{dice.random()}"
        draft[key] = twin[key] = dice.randrange(1_000_000)
        assert draft[key] == twin[key]
    return draft.kept(), twin


@pytest.mark.parametrize("seed", range(10))
def test_every_table_of_a_family_reads_as_a_dict_would(seed: int) -> None:
    """Also when several come from the same one: each has keys of its own, whoever was first."""
    dice = Random(seed)
    family: list[tuple[Table[str, int], dict[str, int]]] = [(Table(), {})]
    for _ in range(30):
        family.append(changed(dice.choice(family)[0], dice, dice.choice([0, 1, 5, CHUNK, 3 * CHUNK])))
    for table, twin in family:
        assert list(table.items()) == list(twin.items())
        assert (list(table), list(table.values()), len(table)) == (list(twin), list(twin.values()), len(twin))
        assert list(reversed(table.values())) == list(reversed(twin.values()))
        assert all(table[key] == value for key, value in twin.items())
        assert table == twin
        assert table == Table.of(twin)


def test_keys_of_later_tables_are_in_no_earlier_one() -> None:
    before = Table.of({"a": 1})
    draft = before.draft()
    draft["b"] = 2
    after = draft.kept()
    assert ("b" in before, before.get("b"), after["b"]) == (False, None, 2)
    with pytest.raises(KeyError, match="b"):
        before["b"]


def test_one_that_was_not_changed_is_the_same() -> None:
    table = Table.of({"a": 1})
    assert table.draft().kept() is table
    assert table != Table.of({"a": 2})
    assert table != Table.of({"b": 1})


@pytest.mark.parametrize("seed", range(5))
def test_what_changed_is_told_and_nothing_else(seed: int) -> None:
    dice = Random(seed)
    before, was = changed(Table(), dice, 4 * CHUNK)
    after, now = changed(before, dice, 7)
    assert dict(after.changed_since(before)) == {key: value for key, value in now.items() if was.get(key) != value}
    assert list(after.changed_since(Table())) == list(now.items())
    assert list(after.changed_since(after)) == []


def test_what_is_not_new_is_shared() -> None:
    """What a change costs does not grow with the table."""
    before = Table.of({number: object() for number in range(100 * CHUNK)})
    draft = before.draft()
    draft[50 * CHUNK] = object()
    after = draft.kept()
    shared = [one is other for one, other in zip(before.values().chunks, after.values().chunks, strict=True)]
    assert shared.count(False) == 1
