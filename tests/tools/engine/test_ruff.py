"""Where ruff is handed the files."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from archaeologist_tools.engine import ruff
from archaeologist_tools.engine.ruff import diagnose
from archaeologist_tools.source.module import Module, read_module

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.fixture
def module() -> Module:
    found = read_module("app.py", b"x = 1;\n")
    assert isinstance(found, Module)
    return found


def codes(module: Module) -> list[str]:
    return [diagnostic.code for diagnostic in diagnose([module], ["E703"], (3, 8))[0]]


def test_files_are_in_memory_where_there_is_room(
    tmp_path: Path, module: Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[str] = []
    run = ruff._run

    def noted(folder: str, codes: Sequence[str], target: tuple[int, int]) -> list[dict[str, Any]]:
        folders.append(folder)
        return run(folder, codes, target)

    monkeypatch.setattr(ruff, "_IN_MEMORY", tmp_path)
    monkeypatch.setattr(ruff, "_run", noted)
    assert codes(module) == ["E703"]
    room = SimpleNamespace(f_frsize=4096, f_bavail=1)
    monkeypatch.setattr(os, "statvfs", lambda _: room, raising=False)
    assert codes(module) == ["E703"]
    assert [folder.startswith(str(tmp_path)) for folder in folders] == [True, False]


def test_system_without_a_folder_in_memory_has_another(
    tmp_path: Path, module: Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ruff, "_IN_MEMORY", tmp_path / "missing")
    assert codes(module) == ["E703"]
