from __future__ import annotations

import pytest

from archaeologist.domain.names import called


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("openai:gpt-5", "gpt-5"),
        ("http://localhost:11434/v1#qwen3:8b", "qwen3:8b"),
        ("recorded:/home/grace/runs#1", "recorded"),
        ("offline", "offline"),
    ],
)
def test_people_call_a_model_by_its_name_alone(model: str, name: str) -> None:
    assert called(model) == name
