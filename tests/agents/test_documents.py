from __future__ import annotations

import pytest

from archaeologist.documents import cut


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], ()),
        ([5], ((0,),)),
        ([5, 5, 5], ((0, 1), (2,))),
        ([100, 1, 1], ((0,), (1, 2))),
        ([0, 0, 0], ((0, 1, 2),)),
    ],
)
def test_cuts_by_size_in_order(sizes: list[int], expected: tuple[tuple[int, ...], ...]) -> None:
    assert cut(sizes, batch_bytes=8, max_batches=10) == expected


def test_a_middling_repository_gets_smaller_batches_so_that_all_processes_have_work() -> None:
    batches = cut([10_000] * 400, batch_bytes=800_000, max_batches=48)
    assert {len(batch) for batch in batches} == {50}


def test_a_large_repository_gets_larger_batches_instead_of_more() -> None:
    batches = cut([10] * 1000, batch_bytes=10, max_batches=20)
    assert len(batches) <= 20
    assert [position for batch in batches for position in batch] == list(range(1000))
