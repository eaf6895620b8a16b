from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.errors import GitFailed
from archaeologist_tools.git.objects import list_tree, write_blobs
from archaeologist_tools.git.repository import locate
from archaeologist_tools.git.tree import Change, write_tree
from support.repositories import git

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from archaeologist_tools.git.command import Git

# Names whose order depends on whether they are folders ("a" < "a.py" < "a0", but "a.py" < "a/" < "a0"), and odd bytes.
NAMES = ["a", "a.py", "a0", "b", "B", "é", "\udcff", 'q"uote', "new\nline", "tab\t"]
MODES = ["100644", "100755", "120000"]


@pytest.mark.parametrize("seed", range(12))
def test_a_tree_is_the_one_that_git_writes(any_format: Path, tmp_path: Path, seed: int) -> None:
    legacy = locate(any_format).git
    dice = random.Random(seed)
    blobs = write_blobs(legacy, [b"%d" % number for number in range(5)])
    # The folders of 6 files are fewer than the objects that are kept as a pack, those of 200 are more.
    files = {path: (dice.choice(MODES), dice.choice(blobs)) for path in paths(dice, 6 if seed % 2 else 200)}
    base = written_by_git(legacy, files, tmp_path / "index")
    assert write_tree(legacy, None, [Change(path, *entry) for path, entry in files.items()]) == base

    gone = dice.sample(sorted(files), len(files) // 3)
    kept = {path: entry for path, entry in files.items() if path not in gone}
    changed = {path: (dice.choice(MODES), dice.choice(blobs)) for path in dice.sample(sorted(kept), len(kept) // 3)}
    changes = [Change(path, "100644", None) for path in gone] + [Change(path, *new) for path, new in changed.items()]
    dice.shuffle(changes)
    assert write_tree(legacy, base, changes) == written_by_git(legacy, {**kept, **changed}, tmp_path / "index")
    git(any_format, "fsck", "--full", "--strict")


def test_everything_may_go(any_format: Path) -> None:
    legacy = locate(any_format).git
    tree = write_tree(legacy, "HEAD", [Change("setup.py", "", None), Change("app/main.py", "", None)])
    assert list_tree(legacy, tree) == []
    assert tree == git(any_format, "mktree")


def test_a_submodule_stays(checkout: Path) -> None:
    head = git(checkout, "rev-parse", "HEAD")
    git(checkout, "update-index", "--add", "--cacheinfo", f"160000,{head},app/library")
    git(checkout, "commit", "--quiet", "-m", "Add a submodule")
    legacy = locate(checkout).git
    tree = write_tree(legacy, "HEAD", [Change("app/main.py", "", None)])
    assert [(entry.path, entry.oid) for entry in list_tree(legacy, tree) if entry.mode == "160000"] == [
        ("app/library", head)
    ]
    [blob] = write_blobs(legacy, [b"x"])
    with pytest.raises(GitFailed, match="beside"):
        write_tree(legacy, tree, [Change("app/library/inner.py", "100644", blob)])


def test_to_take_a_folder_away_by_its_name_takes_nothing_away(checkout: Path) -> None:
    legacy = locate(checkout).git
    assert write_tree(legacy, "HEAD", [Change("app", "", None)]) == git(checkout, "rev-parse", "HEAD^{tree}")


@pytest.mark.parametrize("kind", ["blob that was never there", "tree"])
def test_a_tree_never_refers_to_a_blob_that_is_not_there(checkout: Path, kind: str) -> None:
    legacy = locate(checkout).git
    oid = git(checkout, "rev-parse", "HEAD^{tree}") if kind == "tree" else "1" * 40
    with pytest.raises(GitFailed, match="missing"):
        write_tree(legacy, "HEAD", [Change("setup.py", "100644", oid)])


def paths(dice: random.Random, count: int) -> Sequence[str]:
    """Gives paths none of which is a folder of another."""
    made: list[str] = []
    for _ in range(count):
        path = "/".join(dice.choices(NAMES, k=dice.randint(1, 4)))
        if not any(f"{path}/".startswith(f"{other}/") or other.startswith(f"{path}/") for other in made):
            made.append(path)
    return made


def written_by_git(legacy: Git, files: Mapping[str, tuple[str, str]], index: Path) -> str:
    env = {"GIT_INDEX_FILE": str(index)}
    lines = "".join(f"{mode} {oid}\t{path}\0" for path, (mode, oid) in files.items())
    legacy.run("read-tree", "--empty", env=env)
    legacy.run("update-index", "-z", "--index-info", input=lines.encode("utf-8", "surrogateescape"), env=env)
    return legacy.run("write-tree", env=env).decode().strip()
