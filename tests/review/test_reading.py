from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from archaeologist.agents.modernizer.tools import annotate, rewrite_function
from archaeologist.documents import LayerOfRule, Layers, LeftAlone, load
from archaeologist.domain.events import DataPlane
from archaeologist.domain.names import Role
from archaeologist.reporting.ledger import read_ledger
from archaeologist.review.evidence import GONE
from archaeologist.review.left_alone import tellers
from archaeologist.review.reading import read_review
from archaeologist_tools.engine.base import Evidence
from archaeologist_tools.git.command import Git
from archaeologist_tools.git.notes import LEDGER, write_note
from support.repositories import git
from support.small_run import SmallRun

if TYPE_CHECKING:
    from pathlib import Path

    from archaeologist.review.model import Review

GREETER = """\
class Greeter(object):
    pass


def one(name):
    text = "Hello %s" % (name,)
    other = "Bye %s" % (name,)
    return text + other


def two(name):
    return "%s!" % name


class Other(object):
    pass
"""
FILES = {"greeter.py": GREETER, "sub/other.py": 'class A(object):\n    x = "%s" % (1,)\n'}
RULES = ("AR001", "AR020")


@pytest.fixture
def run(tmp_path: Path) -> SmallRun:
    run = SmallRun.on(tmp_path, FILES)
    run.rewrite(*RULES)
    return run


def review(run: SmallRun, known: Review | None = None) -> Review:
    return read_review(run.data, run.request, run.view, known)


def with_ledger(run: SmallRun, agent: Role = Role.MODERNIZER) -> None:
    """Write the ledger as the end of a run does."""
    from archaeologist.documents import Opening, Survey  # noqa: PLC0415
    from archaeologist.reporting.ledger import ledger_lines  # noqa: PLC0415
    from archaeologist.reporting.markdown import Evidence as Told  # noqa: PLC0415
    from archaeologist_tools.git.branch import commits  # noqa: PLC0415
    from archaeologist_tools.project.models import ProjectFacts  # noqa: PLC0415

    store = run.bench.artefacts
    assert run.gathered is not None
    layers = load(store, run.gathered.layers, Layers)
    told = Told(
        opening=Opening(files=(), skipped=(), batches=(), rules=RULES),
        survey=Survey(files=(), skipped=(), batches=(), facts=ProjectFacts(), rules=RULES, by_rule={}, hot_spots=()),
        layers=tuple(load(store, layer, LayerOfRule) for layer in layers.layers),
        left_alone={agent: load(store, layers.left_alone, LeftAlone).refusals},
        commits=tuple(commits(Git(run.data.git_dir), run.scope.base, run.tip)),
    )
    write_note(Git(run.data.git_dir), run.tip, ledger_lines(told).encode(), ref=LEDGER)


def test_a_commit_of_a_rule_says_what_it_is_and_its_hunks_say_why(run: SmallRun) -> None:
    run.commit()
    found = review(run)
    assert [(part.commit.label, part.commit.agent, part.commit.model, part.commit.step) for part in found.parts] == [
        ("AR020 object-base", "modernizer", "", "rewrite-AR020"),
        ("AR001 percent-format", "modernizer", "", "rewrite-AR001"),
    ]
    assert [(hunk.path, hunk.hunk.old_start, [edit.span.line for edit in hunk.edits]) for hunk in found.hunks] == [
        ("greeter.py", 1, [1]),
        ("greeter.py", 12, [15]),
        ("sub/other.py", 1, [1]),
        ("greeter.py", 3, [6, 7]),
        ("sub/other.py", 1, [2]),
    ]
    assert all(hunk.level in {Evidence.PROVED, Evidence.IDENTICAL} for hunk in found.hunks)
    assert all(edit.reason for hunk in found.hunks for edit in hunk.edits)
    assert (found.notes, found.tip) == ((), run.tip)
    assert found.parts[1].commit.why.startswith("Finds a string literal followed by the `%` operator")


def test_what_was_left_alone_says_why(run: SmallRun) -> None:
    (left,) = review(run).left_alone
    assert (left.path, left.line, left.rule, left.code, left.agent) == (
        "greeter.py",
        12,
        "AR001",
        "bare-operand",
        "modernizer",
    )
    assert left.reason


def test_before_its_layers_are_sorted_a_run_tells_what_its_batches_left_alone(run: SmallRun) -> None:
    done = review(run).left_alone
    run.events = run.events[:-2]
    assert review(run).left_alone == done != ()


def test_a_run_that_goes_on_is_read_commit_by_commit(run: SmallRun) -> None:
    assert (review(run).parts, review(run).notes) == ((), ())
    run.commit(0)
    first = review(run)
    assert [part.commit.rule for part in first.parts] == ["AR020"]
    run.commit(1)
    both = review(run, first)
    assert both.parts[0] is first.parts[0]
    assert both == review(run)
    assert [part.commit.rule for part in both.parts] == ["AR020", "AR001"]


def test_the_commit_of_an_item_is_told_from_that_of_a_rule(tmp_path: Path) -> None:
    run = SmallRun.on(tmp_path, FILES)
    run.agent.use(rewrite_function, path="greeter.py", qualname="two", source='return f"{name}!"')
    run.agent.use(annotate, path="greeter.py", qualname="two", types={"name": "str", "return": "str"})
    drafted = run.item(("greeter.py",))
    assert (drafted.refused, drafted.left_alone) == ("", ""), drafted
    (last,) = review(run).parts
    assert last.commit.why == "A model edited greeter.py; its reason: it is the same"
    assert (last.commit.agent, last.commit.model, last.commit.rule) == ("modernizer", "clever-1", "AR001")
    assert {hunk.level for hunk in last.hunks} == {Evidence.UNVERIFIED}
    assert {edit.rule for hunk in last.hunks for edit in hunk.edits} == {"MODEL-REWRITE", "MODEL-ANNOTATE"}


def test_an_item_that_an_agent_left_alone_says_why_for_each_of_its_files(run: SmallRun) -> None:
    run.item(("greeter.py", "sub/other.py"), left_alone="nobody knows who calls it")
    left = [place for place in review(run).left_alone if place.code == "left-to-people"]
    assert [(place.path, place.reason) for place in left] == [
        ("greeter.py", "nobody knows who calls it"),
        ("sub/other.py", "nobody knows who calls it"),
    ]


def test_an_item_that_was_given_up_says_why_for_each_of_its_files(run: SmallRun) -> None:
    before = tellers(run.view)
    run.strikes(("greeter.py", "sub/other.py"), "the answer is no JSON")
    left = [place for place in review(run).left_alone if place.code == "given-up"]
    assert [(place.path, place.rule, place.reason, place.agent) for place in left] == [
        ("greeter.py", "AR001", "given up: the answer is no JSON", "modernizer"),
        ("sub/other.py", "AR001", "given up: the answer is no JSON", "modernizer"),
    ]
    assert tellers(run.view) != before


def test_the_ledger_tells_which_agent_left_something_alone(run: SmallRun) -> None:
    run.commit()
    with_ledger(run, Role.DOCUMENTER)
    shutil.rmtree(run.data.artefacts)
    assert {place.agent for place in review(run).left_alone} == {Role.DOCUMENTER}


def test_a_ledger_that_names_no_agent_is_the_modernizers() -> None:
    refusal = '{"kind":"left-alone","rule":"AR001","path":"a.py","span":SPAN,"code":"c","message":"m"}'
    span = '{"start":0,"end":1,"line":1,"column":1}'
    ((agent, _),) = read_ledger(refusal.replace("SPAN", span).encode()).refusals
    assert agent is Role.MODERNIZER


def test_without_artefacts_the_ledger_of_the_branch_tells_the_same(run: SmallRun) -> None:
    run.commit()
    whole = review(run)
    with_ledger(run)
    shutil.rmtree(run.data.artefacts)
    again = review(run)
    assert (again.notes, again.hunks) == ((), whole.hunks)
    assert again.left_alone == whole.left_alone


@pytest.mark.parametrize("note", [b"", b"no json\n", b'{"kind":"edit","commit":"1"}\n', b"\xff\xfe"])
def test_without_artefacts_and_ledger_hunks_are_shown_and_say_that_nothing_is_known(run: SmallRun, note: bytes) -> None:
    run.commit()
    if note:
        write_note(Git(run.data.git_dir), run.tip, note, ref=LEDGER)
    shutil.rmtree(run.data.artefacts)
    found = review(run)
    assert [part.note for part in found.parts] == [GONE, GONE]
    assert [(hunk.edits, hunk.level) for hunk in found.hunks] == [((), None)] * 5
    assert found.notes == ("what was left alone is not known: the state directory was cleaned",)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"step": 1, "changes": "all"}'])
def test_spoiled_artefacts_are_as_good_as_none(run: SmallRun, content: bytes) -> None:
    run.commit()
    for path in run.data.artefacts.glob("*/*"):
        path.write_bytes(content)
    found = review(run)
    assert [part.note for part in found.parts] == [GONE, GONE]
    assert len(found.hunks) == 5
    assert found.notes == ("what was left alone is not known: the state directory was cleaned",)


def test_ids_of_hunks_stay_when_lines_above_them_and_commits_before_them_change(run: SmallRun) -> None:
    run.commit()
    ids = {hunk.id: hunk for hunk in review(run).hunks}
    assert len(ids) == 5
    alone = SmallRun.on(run.folder / "again", {**FILES, "greeter.py": f"import os\n\n\n{GREETER}"})
    alone.rewrite("AR001")
    alone.commit()
    kept = [ids[hunk.id] for hunk in review(alone).hunks]
    assert [(hunk.path, hunk.commit.rule) for hunk in kept] == [("greeter.py", "AR001"), ("sub/other.py", "AR001")]


def test_equal_changes_of_a_file_have_ids_of_their_own(tmp_path: Path) -> None:
    block = "class A(object):\n    pass\n\n\n\n\n\n\n\n\n"
    run = SmallRun.on(tmp_path, {"a.py": block * 3})
    run.rewrite("AR020")
    run.commit()
    assert len({hunk.id for hunk in review(run).hunks}) == 3


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda run: git(run.folder / "project", "branch", "-D", "modernized"), "the branch modernized was deleted"),
        (
            lambda run: git(run.folder / "project", "branch", "-f", "modernized", "main"),
            "the branch modernized was moved to",
        ),
        (lambda run: shutil.rmtree(run.folder / "project"), "the commits cannot be read: the repository of"),
    ],
)
def test_what_is_not_there_any_more_is_told_in_words(run: SmallRun, spoil, told: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    run.commit()
    spoil(run)
    found = review(run)
    assert any(note.startswith(told) for note in found.notes), found.notes
    assert bool(found.parts) == run.data.git_dir.exists()
    assert found.left_alone


def test_commits_of_others_on_top_are_told_and_not_shown(run: SmallRun) -> None:
    run.commit()
    root = run.folder / "project"
    git(root, "checkout", "--quiet", "modernized")
    git(root, "commit", "--quiet", "--allow-empty", "-m", "Mine")
    found = review(run)
    assert found.notes == ("the branch modernized has 1 commit more than this",)
    assert len(found.parts) == 2


def test_files_of_any_encoding_and_line_ending_and_name_are_told_exactly(tmp_path: Path) -> None:
    body = 'def f(name):\n    """Ü"""\n    a = "%s" % (name,)\n\n\n\n\n\n\n\n    return a, "é %s" % (name,)\n'
    files: dict[str, str | bytes] = {
        "crlf.py": body.replace("\n", "\r\n"),
        "cr.py": body.replace("\n", "\r"),
        "bom.py": b"\xef\xbb\xbf" + body.encode(),
        "latin.py": f"# coding: latin-1\n{body}".encode("latin-1"),
        'odd "quoted"\tname é [red]/@@ -1 +1 @@.py': body,
        "a\nb.py": body,
        "no-end.py": body.rstrip("\n"),
    }
    run = SmallRun.on(tmp_path, files)
    run.rewrite("AR001")
    run.commit()
    found = review(run)
    assert {hunk.path for hunk in found.hunks} == set(files)
    for hunk in found.hunks:
        assert [edit.path for edit in hunk.edits] == [hunk.path] * len(hunk.edits)
        assert len(hunk.edits) == (2 if hunk.path == "cr.py" else 1), hunk.path
        encoding = "iso8859-1" if hunk.path == "latin.py" else "utf-8"
        assert hunk.encoding == encoding
        for edit in hunk.edits:
            removed = b"\n".join(line.text for line in hunk.hunk.lines if line.sign == "-")
            assert edit.before.encode(encoding) in removed


def test_hunks_that_are_many_have_their_edits_each_and_are_not_read_again(tmp_path: Path) -> None:
    block = "class A(object):\n    pass\n\n\n\n\n\n\n\n\n"
    run = SmallRun.on(tmp_path, {f"m{number}.py": block * 50 for number in range(20)})
    run.rewrite("AR020")
    run.commit()
    found = review(run)
    assert len(found.hunks) == 1000
    assert all(len(hunk.edits) == 1 for hunk in found.hunks)
    assert [part is known for part, known in zip(review(run, found).parts, found.parts, strict=True)] == [True]


def test_a_ledger_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match="column"):
        read_ledger(b"no json")


def test_a_data_plane_without_anything_gives_words_and_no_error(run: SmallRun, tmp_path: Path) -> None:
    run.commit()
    found = read_review(DataPlane(tmp_path / "a", tmp_path / "b"), run.request, run.view)
    assert (found.parts, found.left_alone, len(found.notes)) == ((), (), 2)
