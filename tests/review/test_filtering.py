from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archaeologist.agents.modernizer.tools import rewrite_function
from archaeologist.errors import UsageError
from archaeologist.review.filtering import Filter, parse_filter
from archaeologist.review.grouping import Grouping, grouped, summed
from archaeologist.review.model import weakest_first
from archaeologist.review.reading import read_review
from archaeologist_tools.engine.base import Evidence
from support.small_run import SmallRun

if TYPE_CHECKING:
    from archaeologist.review.model import Review

FILES = {
    "app/one.py": 'class A(object):\n    x = "%s" % (1,)\n',
    "app/two.py": 'def f(name):\n    return "%s!" % name\n',
    "lib/app/three.py": 'x = "key:value %s" % (1,)\n',
    "by_hand.py": "def hand(x):\n    return x\n",
}


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Review:
    run = SmallRun.on(tmp_path_factory.mktemp("run"), FILES)
    run.agent.use(rewrite_function, path="by_hand.py", qualname="hand", source="return (x)")
    run.rewrite("AR001", "AR020")
    run.commit()
    run.item(("by_hand.py",))
    return read_review(run.data, run.request, run.view)


@pytest.mark.parametrize(
    ("text", "hunks", "places"),
    [
        ("", ["app/one.py", "app/one.py", "lib/app/three.py", "by_hand.py"], ["app/two.py"]),
        ("rule:AR020", ["app/one.py"], []),
        ("rule:object-base", ["app/one.py"], []),
        ("rule:ar001", ["app/one.py", "lib/app/three.py", "by_hand.py"], ["app/two.py"]),
        ("rule:AR020 rule:MODEL", ["app/one.py", "by_hand.py"], []),
        ("-rule:AR020 -rule:MODEL", ["app/one.py", "lib/app/three.py"], ["app/two.py"]),
        ("level:unverified", ["by_hand.py"], ["app/two.py"]),
        ("level:none", [], ["app/two.py"]),
        ("path:app/", ["app/one.py", "app/one.py"], ["app/two.py"]),
        ("path:three.py", ["lib/app/three.py"], []),
        ("path:*/t*.py", ["lib/app/three.py"], ["app/two.py"]),
        ("path:APP/o", ["app/one.py"], []),
        ("path:app/three.py", ["lib/app/three.py"], []),
        ("path:t*.py", ["lib/app/three.py"], ["app/two.py"]),
        ("path:app/*.py", ["app/one.py", "lib/app/three.py"], ["app/two.py"]),
        ("path:thr", ["lib/app/three.py"], []),
        ("path:app", ["app/one.py", "lib/app/three.py"], ["app/two.py"]),
        ("path:Three.PY", ["lib/app/three.py"], []),
        ("path:pp/", [], []),
        ("-path:app/", ["lib/app/three.py", "by_hand.py"], []),
        ("agent:documenter", [], []),
        ("agent:modernizer model:clever", ["by_hand.py"], ["app/two.py"]),
        ("object", ["app/one.py"], []),
        ("OBJECT class", ["app/one.py"], []),
        ("object nowhere", [], []),
        ("-object path:app/", ["app/one.py"], ["app/two.py"]),
        ("word:key:value", ["lib/app/three.py"], []),
        ('"x = "', ["app/one.py", "lib/app/three.py"], []),
        ("tuple", [], ["app/two.py"]),
    ],
)
def test_a_filter_keeps_what_it_says(review: Review, text: str, hunks: list[str], places: list[str]) -> None:
    wanted = parse_filter(text)
    kept = [hunk.path for hunk in wanted.keep(review.hunks)]
    # Whether the class is in the lines around another change is not what these terms are about.
    assert sorted(set(kept)) == sorted(set(hunks)), kept
    assert [place.path for place in wanted.keep(review.left_alone)] == places


def test_a_commit_is_found_by_the_beginning_of_its_id(review: Review) -> None:
    commit = review.parts[1].commit.commit
    assert parse_filter(f"commit:{commit[:8]}").keep(review.hunks) == list(review.parts[1].hunks)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("rul:AR001", "there is no key 'rul'", "did you mean rule?"),
        ("levl:proved", "there is no key 'levl'", "did you mean level?"),
        ("https://x", "there is no key 'https'", "keys are rule, level, path"),
        ("level:provd", "there is no level 'provd'", "did you mean proved?"),
        ("level:x", "there is no level 'x'", "it is one of identical, proved"),
        ("agent:moderniser", "there is no agent 'moderniser'", "did you mean modernizer?"),
        ("path:'a", "a quote is not closed", "close it"),
    ],
)
def test_what_is_no_filter_is_an_error_with_a_suggestion(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        parse_filter(text)
    assert caught.value.hint.startswith(hint)


def test_a_filter_without_terms_keeps_all(review: Review) -> None:
    assert Filter().keep(review.hunks) == list(review.hunks)


def test_groups_hold_every_hunk_once(review: Review) -> None:
    for by in Grouping:
        groups = grouped(review.hunks, by)
        assert sorted(hunk.id for group in groups for hunk in group.hunks) == sorted(hunk.id for hunk in review.hunks)
        for group in groups:
            assert [hunk for part in group.parts for hunk in part.hunks] == list(group.hunks)


def test_groups_are_named_by_what_they_are_grouped_by(review: Review) -> None:
    assert [group.title for group in grouped(review.hunks, Grouping.RULE)] == [
        "Drop the base class object",
        "Use f-strings for % formatting",
        "Edit by hand",
    ]
    assert [(group.title, len(group.hunks)) for group in grouped(review.hunks, Grouping.FILE)] == [
        ("app/one.py", 2),
        ("by_hand.py", 1),
        ("lib/app/three.py", 1),
    ]
    assert [group.title for group in grouped(review.hunks, Grouping.AGENT)] == [
        "modernizer with rules",
        "modernizer with clever-1",
    ]


def test_the_sum_names_the_levels_and_the_weakest_come_first(review: Review) -> None:
    (edit,) = review.hunks[0].edits
    equal = replace(review.hunks[0], edits=(replace(edit, evidence=Evidence.IDENTICAL),))
    mixed = replace(equal, edits=(*equal.edits, edit))
    hunks = [equal, mixed, replace(equal, edits=()), *review.hunks]
    assert summed(hunks) == "7 hunks: 1 identical, 4 proved, 1 unverified, 1 of unknown evidence"
    assert summed(()) == "0 hunks"
    ordered = [hunk.level for hunk in weakest_first(hunks)]
    assert ordered == [None, "unverified", "proved", "proved", "proved", "proved", "identical"]
