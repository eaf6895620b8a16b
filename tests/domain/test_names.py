from __future__ import annotations

import pytest

from archaeologist.domain.names import called, spoken_step


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


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("item-3-4", "item 3, turn 4"),
        ("item-12-2-1-read_file", "item 12, read_file"),
        ("dig-1", "reading the code, turn 1"),
        ("plan-sweep", "plan-sweep"),
        ("commit-rewrite-AR020", "commit-rewrite-AR020"),
    ],
)
def test_steps_of_conversations_are_told_in_words(name: str, spoken: str) -> None:
    assert spoken_step(name) == spoken
