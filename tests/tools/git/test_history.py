from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist_tools.git.history import Churn, churn
from archaeologist_tools.git.repository import locate
from support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path

ODD = "\napp\n\udcff.py"
FIRST = 1331737766


def commit(checkout: Path, when: int, who: str, **files: str) -> None:
    for name, text in files.items():
        path = checkout / {"odd": ODD, "main": "app/main.py", "setup": "setup.py"}[name]
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="ascii")
    git(checkout, "add", "--all")
    git(checkout, "commit", "--quiet", "--allow-empty", "-m", "\n\n/1 odd subject")
    author = f"Somebody <{who}>"
    git(
        checkout,
        "commit",
        "--quiet",
        "--amend",
        "--no-edit",
        "--allow-empty",
        f"--author={author}",
        f"--date={when} +0000",
    )


def test_commits_and_authors_are_counted_by_file(checkout: Path) -> None:
    (checkout / "\napp\n\udcff.py").parent.mkdir(exist_ok=True)
    commit(checkout, FIRST, "a@example.com", odd="1", setup="1")
    commit(checkout, FIRST, "b@example.com", odd="2")
    commit(checkout, FIRST, "b@example.com")
    commit(checkout, FIRST, "b@example.com", odd="3", main="1")
    legacy = locate(checkout).git
    counted = churn(legacy, "HEAD")
    assert counted == {
        ODD: Churn(3, 2, FIRST),
        "setup.py": Churn(2, 2, FIRST),
        "app/main.py": Churn(2, 2, FIRST),
    }
    assert churn(legacy, "HEAD", "app") == {"app/main.py": Churn(2, 2, FIRST)}
    assert churn(legacy, "HEAD", ODD) == {ODD: Churn(3, 2, FIRST)}
    assert churn(legacy, "HEAD", "app/nothing") == {}


def test_a_scope_is_below_the_top_of_the_commit_wherever_the_work_tree_is(checkout: Path) -> None:
    git(checkout, "config", "core.worktree", str(checkout))
    assert [*churn(locate(checkout).git, "HEAD", "app")] == ["app/main.py"]


def test_old_commits_can_be_left_out(checkout: Path) -> None:
    commit(checkout, FIRST, "a@example.com", setup="1")
    commit(checkout, FIRST, "a@example.com", setup="2")
    assert churn(locate(checkout).git, "HEAD", limit_commits=2)["setup.py"].commits == 2
    assert "app/main.py" not in churn(locate(checkout).git, "HEAD", limit_commits=2)


def test_a_merge_counts_for_no_file(checkout: Path) -> None:
    git(checkout, "checkout", "--quiet", "-b", "side")
    commit(checkout, FIRST, "a@example.com", setup="side")
    git(checkout, "checkout", "--quiet", "main")
    commit(checkout, FIRST, "b@example.com", main="main")
    git(checkout, "merge", "--quiet", "side", "-m", "Merge")
    counted = churn(locate(checkout).git, "HEAD")
    assert {path: count.commits for path, count in counted.items()} == {"setup.py": 2, "app/main.py": 2}


def test_a_shallow_clone_has_the_history_it_has(checkout: Path, tmp_path: Path) -> None:
    commit(checkout, FIRST, "a@example.com", setup="1")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{checkout}", "shallow")
    counted = churn(locate(tmp_path / "shallow").git, "HEAD")
    assert {path: count.commits for path, count in counted.items()} == {"setup.py": 1, "app/main.py": 1}
