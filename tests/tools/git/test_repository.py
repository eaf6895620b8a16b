from __future__ import annotations

import os
from pathlib import Path

import pytest

from archaeologist_tools.errors import (
    BareRepository,
    EmptyRepository,
    NotARepository,
    PathMissing,
    ScopeOutside,
    UsageError,
)
from archaeologist_tools.git.repository import base_commit, condition, identity, initialize, locate
from support.repositories import git


def test_the_top_a_folder_and_a_file(checkout: Path) -> None:
    assert locate(checkout).scope == ""
    assert locate(checkout / "app").scope == "app"
    assert locate(checkout / "app" / "main.py").scope == "app/main.py"
    location = locate(checkout / "app" / ".." / "app")
    assert (location.root, location.git_dir, location.common_dir) == (checkout, checkout / ".git", checkout / ".git")
    assert location.scope == "app"


def test_a_relative_path(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout / "app")
    assert locate(Path()).scope == "app"
    assert locate(Path("..")).scope == ""


@pytest.mark.parametrize("name", ["nothing", "nul\0byte", "x" * 5000])
def test_nothing_there(checkout: Path, name: str) -> None:
    with pytest.raises(PathMissing):
        locate(checkout / name)


def test_a_broken_link_and_a_loop(checkout: Path) -> None:
    (checkout / "broken").symlink_to("nothing")
    (checkout / "loop").symlink_to("loop")
    for name in ("broken", "loop"):
        with pytest.raises(PathMissing):
            locate(checkout / name)


def test_not_a_repository(tmp_path: Path) -> None:
    with pytest.raises(NotARepository) as caught:
        locate(tmp_path)
    assert "--init" in caught.value.hint


def test_an_empty_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    location = locate(tmp_path)
    with pytest.raises(EmptyRepository):
        base_commit(location)
    assert condition(location).submodules == 0


def test_a_bare_repository(checkout: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(checkout), "bare.git")
    for inside in ("bare.git", "bare.git/objects"):
        with pytest.raises(BareRepository):
            locate(tmp_path / inside)


def test_a_bare_repository_that_the_user_forbade(checkout: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(checkout), "bare.git")
    Path.home().joinpath(".gitconfig").write_text("[safe]\n\tbareRepository = explicit\n", encoding="ascii")
    with pytest.raises(BareRepository):
        locate(tmp_path / "bare.git")


@pytest.mark.parametrize("inside", [".git", ".git/objects", ".git/HEAD", ".git/refs/heads"])
def test_inside_the_git_folder(checkout: Path, inside: str) -> None:
    with pytest.raises(ScopeOutside):
        locate(checkout / inside)


def test_a_link_to_a_repository_is_followed(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(checkout)
    assert locate(tmp_path / "link" / "app").root == checkout
    assert locate(tmp_path / "link" / "app").scope == "app"


def test_a_link_inside_a_repository_is_followed(checkout: Path) -> None:
    (checkout / "link").symlink_to("app")
    assert locate(checkout / "link" / "main.py").scope == "app/main.py"


def test_a_link_out_of_a_repository_is_refused(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "plain" / "sub").mkdir(parents=True)
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(checkout), str(other))
    for name, target in (("plain", tmp_path / "plain"), ("other", other)):
        (checkout / name).symlink_to(target)
        with pytest.raises(ScopeOutside, match="leads out of"):
            locate(checkout / name)
    with pytest.raises(ScopeOutside):
        locate(checkout / "plain" / "sub")


def test_a_detached_head(checkout: Path) -> None:
    assert not condition(locate(checkout)).detached
    head = git(checkout, "rev-parse", "HEAD")
    git(checkout, "checkout", "--quiet", "--detach")
    location = locate(checkout)
    assert condition(location).detached
    assert base_commit(location) == head


def test_a_shallow_clone(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "commit", "--quiet", "--allow-empty", "-m", "Second")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{checkout}", "shallow")
    assert condition(locate(tmp_path / "shallow")).shallow
    assert not condition(locate(checkout)).shallow


@pytest.fixture
def with_submodule(checkout: Path, tmp_path: Path) -> Path:
    git(tmp_path, "clone", "--quiet", str(checkout), "library")
    git(checkout, "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(tmp_path / "library"), "lib")
    git(checkout, "commit", "--quiet", "-m", "Submodule")
    return checkout


def test_a_submodule_is_a_repository_of_its_own(with_submodule: Path) -> None:
    location = locate(with_submodule / "lib" / "app")
    assert location.root == with_submodule / "lib"
    assert location.git_dir == with_submodule / ".git" / "modules" / "lib"
    assert location.scope == "app"
    assert base_commit(location)


def test_submodules_are_counted_and_not_entered(with_submodule: Path, tmp_path: Path) -> None:
    assert condition(locate(with_submodule)).submodules == 1
    assert condition(locate(with_submodule / "app")).submodules == 0
    git(with_submodule / "lib", "config", "core.fsmonitor", f"touch {tmp_path}/marker")
    (with_submodule / "lib" / "setup.py").write_text("changed\n", encoding="ascii")
    assert condition(locate(with_submodule)).dirty == 0
    assert not (tmp_path / "marker").exists()


def test_a_linked_worktree(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    location = locate(tmp_path / "linked" / "app")
    assert location.root == tmp_path / "linked"
    assert location.git_dir == checkout / ".git" / "worktrees" / "linked"
    assert location.common_dir == checkout / ".git"
    assert base_commit(location) == git(checkout, "rev-parse", "HEAD")
    with pytest.raises(ScopeOutside):
        locate(tmp_path / "linked" / ".git")


def test_changes_are_counted_in_scope(checkout: Path) -> None:
    assert condition(locate(checkout)).dirty == 0
    (checkout / "setup.py").write_text("changed\n", encoding="ascii")
    (checkout / "app" / "new\nname.py").touch()
    (checkout / "app" / "main.py").unlink()
    git(checkout, "add", "app/main.py")
    assert condition(locate(checkout)).dirty == 3
    assert condition(locate(checkout / "app")).dirty == 2


def test_a_scope_of_odd_characters_is_taken_literally(checkout: Path) -> None:
    for name in (":(top)x", "*"):
        (checkout / name).mkdir()
        (checkout / name / "new.py").touch()
    assert condition(locate(checkout / "*")).dirty == 1
    assert condition(locate(checkout / ":(top)x")).dirty == 1


@pytest.mark.parametrize("name", [b"we\nird", b'quo"te', b"\xff\xfe", b"trailing\n"])
def test_a_repository_in_a_folder_of_an_odd_name(tmp_path: Path, name: bytes) -> None:
    folder = Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name)))  # noqa: PTH118 - bytes
    (folder / "sub").mkdir(parents=True)
    git(folder, "init", "--quiet")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "First")
    location = locate(folder / "sub")
    assert location.root == folder
    assert location.scope == "sub"
    assert base_commit(location) == git(folder, "rev-parse", "HEAD")


def test_a_revision(checkout: Path) -> None:
    location = locate(checkout)
    git(checkout, "tag", "-a", "v1", "-m", "v1")
    assert base_commit(location, "v1") == base_commit(location, "main") == git(checkout, "rev-parse", "HEAD")
    for wrong in ("nothing", "--all", "HEAD:setup.py"):
        with pytest.raises(UsageError):
            base_commit(location, wrong)


def test_hooks_where_the_user_put_them(checkout: Path) -> None:
    (checkout / "hooks").mkdir()
    for name, mode in (("pre-commit", 0o755), ("pre-push", 0o644), ("commit-msg.sample", 0o755)):
        (checkout / "hooks" / name).touch()
        (checkout / "hooks" / name).chmod(mode)
    git(checkout, "config", "core.hooksPath", "hooks")
    assert condition(locate(checkout)).hooks == ("pre-commit",)


def test_the_identity_is_the_users(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    who = identity(locate(checkout))
    assert (who.name, who.email, who.fallback) == ("Grace Legacy", "grace@example.com", False)
    monkeypatch.setenv("GIT_AUTHOR_NAME", "CI")
    assert identity(locate(checkout)).name == "CI"


def test_without_an_identity_a_neutral_one_stands_in(checkout: Path) -> None:
    git(checkout, "config", "--unset", "user.email")
    git(checkout, "config", "user.name", "<>")
    who = identity(locate(checkout))
    assert (who.name, who.email, who.fallback) == ("Code Archaeologist", "archaeologist@localhost", True)


def test_a_plain_folder_becomes_a_repository(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    for name in ("app.py", "build.log", ".venv/bin/python", "app/__pycache__/x.pyc", "app/new\nline.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"a\r\nb\n")
    (folder / ".gitignore").write_text("*.log\n", encoding="ascii")
    before = sorted(folder.rglob("*"))
    location = initialize(folder)
    committed = git(folder, "ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")[:-1]
    assert committed == [".gitignore", "app.py", "app/new\nline.py"]
    assert git(folder, "status", "--porcelain") == ""
    assert git(folder, "cat-file", "-p", "HEAD:app.py") == "a\r\nb"
    assert sorted(path for path in folder.rglob("*") if ".git" not in path.parts) == before
    assert initialize(folder) == location
    assert git(folder, "rev-list", "--count", "HEAD") == "1"


def test_a_repository_that_is_there_is_left_alone(checkout: Path, tmp_path: Path) -> None:
    (checkout / "app" / "new.py").touch()
    assert initialize(checkout / "app").root == checkout
    assert git(checkout, "rev-list", "--count", "HEAD") == "1"
    (tmp_path / "unborn").mkdir()
    git(tmp_path / "unborn", "init", "--quiet")
    assert initialize(tmp_path / "unborn").root == tmp_path / "unborn"
    with pytest.raises(EmptyRepository):
        base_commit(locate(tmp_path / "unborn"))


def test_a_file_or_nothing_does_not_become_a_repository(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError):
        initialize(tmp_path / "file")
    with pytest.raises(PathMissing):
        initialize(tmp_path / "nothing")


def test_a_failed_first_commit_leaves_no_repository(tmp_path: Path) -> None:
    (tmp_path / "plain" / "nested").mkdir(parents=True)
    git(tmp_path / "plain" / "nested", "init", "--quiet")
    with pytest.raises(Exception, match="nested"):
        initialize(tmp_path / "plain")
    assert not (tmp_path / "plain" / ".git").exists()
