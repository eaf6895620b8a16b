from __future__ import annotations

import importlib
from importlib.util import find_spec

import pytest

from archaeologist import agents


@pytest.mark.parametrize("name", agents.__all__)
def test_a_public_name_is_there_whatever_was_imported_before(name: str) -> None:
    assert find_spec(f"archaeologist.agents.{name}") is None, "a module of that name hides it once it is imported"
    assert getattr(agents, name).__name__ == name


def test_what_is_not_public_is_not_there() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        importlib.import_module("archaeologist.agents").nothing  # noqa: B018 - asking is what is tested
