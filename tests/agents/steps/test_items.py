from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.agents.steps.bench import Bench
from archaeologist.agents.steps.items import NOT_FOR_JUDGEMENT, choose_items
from archaeologist.documents import (
    FileEntry,
    Layers,
    LeftAlone,
    PublicName,
    Survey,
    SurveyedFile,
    WorkItem,
    WorkItems,
    Workspace,
    keep,
    load,
)
from archaeologist.domain.items import ChooseItems
from archaeologist.domain.names import Role
from archaeologist.domain.run import RunScope
from archaeologist_tools.engine.base import Finding, Fixer, Refusal, Span
from archaeologist_tools.project.models import ProjectFacts
from support.projects import project
from support.repositories import git

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILES = {
    "shop/money.py": "TEXT = '%s' % 1\n\n\ndef show(cents):\n    return '%d' % cents\n",
    "shop/stock.py": (
        "from shop.money import show\n\n\nclass Stock:\n    def line(self, n):\n        return '%s %d' % (show(n), n)\n"
    ),
    "tests/test_stock.py": "def test_it():\n    assert '%d' % 1 == '1'\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("items") / "shop", FILES)


def refused(path: str, line: int, code: str = "conversion") -> Refusal:
    return Refusal("AR001", path, Span(0, 1, line, 1), code, "nobody knows")


def chosen(
    root: Path,
    state: Path,
    refusals: Sequence[Refusal] = (),
    *,
    findings: Sequence[Finding] = (),
    role: Role = Role.MODERNIZER,
    first: tuple[str, ...] = (),
) -> tuple[WorkItem, ...]:
    store = Bench.below(state).artefacts
    head = git(root, "rev-parse", "HEAD")
    run = RunScope(
        run_id="7f3a",
        root=str(root),
        git_dir=str(root / ".git"),
        base=head,
        branch="modern",
        date="0 +0000",
        author_name="A",
        author_email="a@b.invalid",
    )
    left_alone = keep(store, LeftAlone(refusals=tuple(refusals)))
    order = ChooseItems(
        run=run,
        role=role,
        survey=keep(store, _survey()),
        layers=keep(store, Layers(layers=(), left_alone=left_alone)),
        commit=head,
        findings=keep(store, Workspace(run=run, commit=head, target="py38", findings=tuple(findings))),
        first=first,
        most=10,
    )
    return load(store, choose_items(Bench.below(state), order).items, WorkItems).items


def _survey() -> Survey:
    files = tuple(
        SurveyedFile(
            file=FileEntry(path=path, mode="100644", oid="", size=len(text)),
            status="ok",
            message="",
            lines=text.count("\n"),
            summary="",
            by_rule={},
            public=(
                PublicName(kind="function", name="show", documented=path != "shop/money.py"),
                PublicName(kind="class", name="Stock", documented=path != "shop/stock.py"),
            ),
        )
        for path, text in FILES.items()
    )
    return Survey(files=files, skipped=(), batches=(), facts=ProjectFacts(), rules=(), by_rule={}, hot_spots=())


def test_what_rules_left_alone_in_functions_is_asked_about_with_the_imported_module_first(
    root: Path, tmp_path: Path
) -> None:
    (item,) = chosen(root, tmp_path, [refused("shop/stock.py", 6), refused("shop/money.py", 5)])
    assert [(place.path, place.qualname) for place in item.places] == [
        ("shop/money.py", "show"),
        ("shop/stock.py", "Stock.line"),
    ]
    assert item.notes == (
        "shop/money.py, line 5: AR001 not applied: nobody knows",
        "shop/stock.py, line 6: AR001 not applied: nobody knows",
    )


def test_what_the_plan_names_comes_first(root: Path, tmp_path: Path) -> None:
    refusals = [refused("shop/stock.py", 6), refused("shop/money.py", 5)]
    (item,) = chosen(root, tmp_path, refusals, first=("shop/stock.py",))
    assert [place.path for place in item.places] == ["shop/stock.py", "shop/money.py"]


@pytest.mark.parametrize("code", sorted(NOT_FOR_JUDGEMENT))
def test_reasons_that_stand_whoever_looks_are_no_items(root: Path, tmp_path: Path, code: str) -> None:
    assert chosen(root, tmp_path, [refused("shop/money.py", 5, code)]) == ()


def test_nobody_is_asked_about_statements_that_no_tool_edits_nor_about_tests(root: Path, tmp_path: Path) -> None:
    assert chosen(root, tmp_path, [refused("shop/money.py", 1), refused("tests/test_stock.py", 2)]) == ()


def test_findings_are_for_the_modernizer_where_the_archaeologist_says_so(root: Path, tmp_path: Path) -> None:
    findings = [
        Finding("global-state", "shop/money.py", Span(0, 1, 1, 1), "a text of the module", Fixer.AGENT),
        Finding("dead-code", "shop/stock.py", Span(0, 1, 5, 5), "nobody calls it", Fixer.AGENT),
        Finding("security", "shop/stock.py", Span(0, 1, 6, 1), "a person has to see it", Fixer.PERSON),
    ]
    (item,) = chosen(root, tmp_path, findings=findings)
    assert item.notes == (
        "shop/money.py, the module: global-state: a text of the module",
        "shop/stock.py, `Stock.line`: dead-code: nobody calls it",
    )


def test_the_documenter_is_given_public_names_without_docstring(root: Path, tmp_path: Path) -> None:
    (item,) = chosen(root, tmp_path, role=Role.DOCUMENTER)
    assert item.notes == ("shop/money.py, function show: no docstring", "shop/stock.py, class Stock: no docstring")
