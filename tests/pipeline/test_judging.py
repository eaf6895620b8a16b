from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.errors import UsageError
from archaeologist.pipeline.judging import judgement_of
from archaeologist.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path


def test_items_are_worked_on_side_by_side_unless_the_user_wants_them_one_by_one() -> None:
    assert judgement_of(load_settings({}, environment={})).parallel > 1
    one = {"ARCHAEOLOGIST_PARALLEL_ITEMS": "1"}
    assert judgement_of(load_settings({}, environment=one)).parallel == 1


@pytest.mark.parametrize("number", ["0", "-1"])
def test_no_items_at_once_is_wrong_usage(number: str) -> None:
    with pytest.raises(UsageError, match="work items at once"):
        judgement_of(load_settings({}, environment={"ARCHAEOLOGIST_PARALLEL_ITEMS": number}))


def test_a_budget_in_dollars_needs_prices_which_recordings_hold(tmp_path: Path) -> None:
    flags = {"budget-usd": 2.0, "model": f"recorded:{tmp_path}"}
    assert judgement_of(load_settings(flags, environment={})).budget.usd == 2.0
    with pytest.raises(UsageError, match="so a budget in dollars cannot be kept"):
        judgement_of(load_settings({**flags, "model-documenter": "http://127.0.0.1:9/v1#x"}, environment={}))
