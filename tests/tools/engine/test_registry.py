"""Choosing rules by code, name and family."""

from __future__ import annotations

import pytest

from archaeologist_tools.engine.registration import add
from archaeologist_tools.engine.registry import all_rules, find_rule, select_rules
from archaeologist_tools.errors import UsageError


def codes(selection: str) -> list[str]:
    return [rule.code for rule in select_rules(selection)]


def test_all_rules_in_order() -> None:
    assert [rule.code for rule in all_rules()] == sorted({rule.code for rule in all_rules()})
    assert select_rules("") == select_rules(None) == all_rules()


def test_selection_is_a_set_in_order() -> None:
    assert codes("super-arguments, ar001 AR020,AR001") == ["AR001", "AR020", "AR021"]


def test_family_stands_for_its_rules() -> None:
    assert codes("paths") == ["AR012", "AR013", "AR015"]


@pytest.mark.parametrize(
    ("wrong", "hint"), [("AR0102", "AR102"), ("percent-formt", "percent-format"), ("string", "strings")]
)
def test_near_miss_is_suggested(wrong: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        select_rules(f"AR001,{wrong}")
    assert wrong in str(caught.value)
    assert f"did you mean {hint}?" in caught.value.hint


def test_code_is_given_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        add(find_rule("AR001"))
