"""What will be done by rules, as entries of the plan: how much there is, where, and what a search finds."""

from __future__ import annotations

from archaeologist_tui.reading.commits import Subject
from archaeologist_tui.reading.planned import PlannedGroup, PlannedRule
from archaeologist_tui.widgets.planned_entries import planned_entries

FOUND = PlannedRule("AR020", (("App/io.py", 1_200), ("setup.py", 1)))
NOTHING = PlannedRule("AR021")


def test_a_group_is_folded_and_told_with_its_size_and_what_is_done() -> None:
    (group,) = planned_entries([PlannedGroup("planned.rule", "are rewritten", [FOUND, NOTHING])])
    assert (group.key, group.opened) == ("planned.rule", False)
    assert group.text == "2 rules, 1,201 findings in 2 files  are rewritten"
    assert [rule.key for rule in group.inside] == ["planned.rule.AR020", "planned.rule.AR021"]


def test_a_rule_is_told_with_what_it_found_and_found_by_its_code() -> None:
    ((found, nothing),) = [each.inside for each in planned_entries([PlannedGroup("", "", [FOUND, NOTHING])])]
    assert found.text == "AR020 object-base  Drop the base class object  in 2 files"
    assert nothing.text == "AR021 super-arguments  Call super() without arguments"
    assert [each.lead(narrow=False).plain for each in (found, nothing)] == [" 1,201  ", ""]
    assert (found.field("rule"), found.opened) == ("ar020", False)
    assert not nothing.inside


def test_the_files_of_a_rule_are_inside_it_and_lead_to_their_changes() -> None:
    (group,) = planned_entries([PlannedGroup("", "", [FOUND])])
    first, second = group.inside[0].inside
    assert [first.text, second.text] == ["App/io.py", "setup.py"]
    assert first.lead(narrow=False).plain == " 1,200  "
    assert (first.field("path"), first.about) == ("app/io.py", Subject(path="App/io.py"))
    assert first.key != second.key
