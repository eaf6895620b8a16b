from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archaeologist.domain.events import RunEvent
from archaeologist.domain.heard import Heard

NOW = datetime(2012, 3, 14, 15, 9, 26, tzinfo=UTC)


@pytest.mark.parametrize("numbers", [[1, 2, 3], [5, 3, 1_024, 1_023, 4], [10**18, 2, 10**18 + 1]])
def test_an_event_is_new_once_in_each_history(numbers: list[int]) -> None:
    heard = Heard()
    events = [RunEvent(NOW, "modernizer", run, number) for run in ("first", "second") for number in numbers]
    assert all(heard.is_new(event) for event in events)
    assert not any(heard.is_new(event) for event in events)
