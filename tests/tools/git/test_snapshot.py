from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.errors import EditRefused
from archaeologist_tools.git.command import Git
from archaeologist_tools.git.snapshot import Snapshot, _listed
from archaeologist_tools.git.tree import Change, write_tree
from archaeologist_tools.safety.secrets import redact
from support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def snapshot(any_format: Path) -> Snapshot:
    """A commit with plain files, a link, a submodule, a program, odd encodings and a name that is no UTF-8."""
    app = any_format / "app"
    (any_format / "link.py").symlink_to("/etc/passwd")
    (any_format / "elsewhere").symlink_to("/etc")
    (any_format / "run").write_bytes(b"#!/bin/sh\n")
    (any_format / "run").chmod(0o755)
    (app / os.fsdecode(b"\xff.py")).write_bytes(b"pass\n")
    (app / "umlaut.py").write_bytes(b"# coding: latin-1\r\nx = '\xe4'\r\n")
    (app / "marked.py").write_bytes(b"\xef\xbb\xbfx = 1\n")
    (app / "broken.py").write_bytes(b"x = '\xe4'\n")
    (app / "notes.txt").write_bytes(b"caf\xe9\n")
    (app / "picture.png").write_bytes(b"\x89PNG\0\0")
    git(any_format, "add", "--all")
    git(any_format, "update-index", "--add", "--cacheinfo", f"160000,{git(any_format, 'rev-parse', 'HEAD')},library")
    git(any_format, "commit", "--quiet", "-m", "Second")
    return Snapshot(Git(any_format / ".git"), git(any_format, "rev-parse", "HEAD"), {})


def test_the_paths_are_those_of_regular_files(snapshot: Snapshot) -> None:
    assert snapshot.paths() == (
        "app/broken.py",
        "app/main.py",
        "app/marked.py",
        "app/notes.txt",
        "app/picture.png",
        "app/umlaut.py",
        "run",
        "setup.py",
    )


def test_files_are_read_as_they_were_committed(snapshot: Snapshot, any_format: Path) -> None:
    (any_format / "setup.py").write_text("changed since\n", encoding="ascii")
    assert snapshot.read("setup.py") == b"import app\n"
    assert snapshot.oid("setup.py") == git(any_format, "rev-parse", "HEAD:setup.py")
    assert snapshot.size("setup.py") == len(b"import app\n")
    both = snapshot.contents(["setup.py", "run"])
    assert both == {"setup.py": b"import app\n", "run": b"#!/bin/sh\n"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app/umlaut.py", "# coding: latin-1\r\nx = 'ä'\r\n"),
        ("app/marked.py", "x = 1\n"),
        ("app/notes.txt", "caf\\xe9\n"),
    ],
)
def test_text_is_decoded_by_the_encoding_of_its_file(snapshot: Snapshot, path: str, text: str) -> None:
    assert snapshot.text(path) == text


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("app/picture.png", "app/picture.png is binary"),
        ("app/broken.py", "app/broken.py cannot be decoded with the encoding it declares"),
    ],
)
def test_what_is_no_text_is_refused(snapshot: Snapshot, path: str, reason: str) -> None:
    with pytest.raises(EditRefused) as refused:
        snapshot.text(path)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("link.py", "link.py is a link"),
        ("library", "library is a submodule, which is a repository of its own"),
        ("app", "app is a folder"),
        ("app/", "app/ is a folder"),
        ("", "'' is a folder"),
        ("app/mian.py", "there is no file app/mian.py; did you mean app/main.py or app/umlaut.py or app/marked.py?"),
        ("src/app/main.py", "there is no file src/app/main.py; did you mean app/main.py?"),
        ("/setup.py", "there is no file /setup.py; did you mean setup.py?"),
        ("app/../setup.py", "there is no file app/../setup.py; did you mean setup.py?"),
        ("/etc/passwd", "there is no file /etc/passwd"),
        ("elsewhere/passwd", "there is no file elsewhere/passwd"),
        ("../../etc/passwd", "there is no file ../../etc/passwd"),
        (".git/config", "there is no file .git/config"),
        ("a\nb", "there is no file 'a\\nb'"),
    ],
)
def test_what_is_no_regular_file_of_the_commit_cannot_be_read(snapshot: Snapshot, path: str, reason: str) -> None:
    with pytest.raises(EditRefused) as refused:
        snapshot.read(path)
    assert str(refused.value) == reason


def test_a_file_written_is_in_the_new_snapshot_only(snapshot: Snapshot) -> None:
    after = snapshot.with_file("setup.py", b"import os\n")
    assert (snapshot.read("setup.py"), after.read("setup.py")) == (b"import app\n", b"import os\n")
    assert snapshot.oid("setup.py") != after.oid("setup.py")
    assert after.size("setup.py") == len(b"import os\n")
    assert (snapshot.as_changes(), dict(snapshot.changed)) == ((), {})


def test_a_new_file_is_listed_and_found_again_by_another_process(snapshot: Snapshot) -> None:
    after = snapshot.with_file("app/new/deep.py", b"pass\n")
    again = Snapshot(after.git, after.commit, after.changed)
    assert set(again.paths()) - set(snapshot.paths()) == {"app/new/deep.py"}
    assert again.read("app/new/deep.py") == b"pass\n"


def test_the_changes_make_the_tree(snapshot: Snapshot, any_format: Path) -> None:
    after = snapshot.with_file("run", b"#!/bin/bash\n").with_file("doc.md", b"# Doc\n").with_file("setup.py", b"")
    after = after.with_file("setup.py", b"import app\n")
    changes = after.as_changes()
    assert changes == (
        Change("doc.md", "100644", after.oid("doc.md")),
        Change("run", "100755", after.oid("run")),
    )
    tree = write_tree(after.git, after.commit, changes)
    assert git(any_format, "diff", "--name-status", after.commit, tree) == "A\tdoc.md\nM\trun"
    assert git(any_format, "cat-file", "-p", f"{tree}:run") == "#!/bin/bash"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("link.py", "link.py is a link"),
        ("elsewhere/cron.d/x", "elsewhere is a link"),
        ("library/setup.py", "library is a submodule, which is a repository of its own"),
        ("setup.py/x.py", "setup.py is a file"),
        ("app", "app is a folder"),
        ("app/Main.py", "app/Main.py differs from app/main.py in case only"),
        ("", "'' is no plain path inside the repository"),
        ("/etc/cron.d/x", "/etc/cron.d/x is no plain path inside the repository"),
        ("../x.py", "../x.py is no plain path inside the repository"),
        ("app/../../x.py", "app/../../x.py is no plain path inside the repository"),
        ("app/./x.py", "app/./x.py is no plain path inside the repository"),
        ("app//x.py", "app//x.py is no plain path inside the repository"),
        (".git/hooks/pre-commit", ".git/hooks/pre-commit is no plain path inside the repository"),
        ("app/.GIT/config", "app/.GIT/config is no plain path inside the repository"),
        ("git~1/config", "git~1/config is no plain path inside the repository"),
        (".git./config", ".git./config is no plain path inside the repository"),
        (".g\u200cit/config", "'.g\\u200cit/config' is no plain path inside the repository"),
        ("app\\x.py", "app\\x.py is no plain path inside the repository"),
        ("c:/x.py", "c:/x.py is no plain path inside the repository"),
        ("a\0b", "'a\\x00b' is no plain path inside the repository"),
        ("app/\udcff.txt", "'app/\\udcff.txt' is no plain path inside the repository"),
    ],
)
def test_nothing_is_written_beside_the_plain_paths_of_the_repository(
    snapshot: Snapshot, path: str, reason: str
) -> None:
    with pytest.raises(EditRefused) as refused:
        snapshot.with_file(path, b"x")
    assert str(refused.value) == reason


def test_an_edit_made_from_another_text_is_refused(snapshot: Snapshot) -> None:
    read = snapshot.oid("setup.py")
    after = snapshot.with_file("setup.py", b"one\n", made_from=read).with_file("new.py", b"", made_from="")
    for path, seen in (("setup.py", read), ("new.py", ""), ("app/main.py", "")):
        with pytest.raises(EditRefused) as refused:
            after.with_file(path, b"two\n", made_from=seen)
        assert str(refused.value) == f"{path} has changed since it was read; read it again"


def test_what_stands_for_a_secret_is_never_written_over_it(snapshot: Snapshot) -> None:
    before = snapshot.with_file("setup.py", b"password = 'hunter2'\n")
    seen = redact(before.text("setup.py"), "setup.py").text
    for path in ("setup.py", "new.py"):
        with pytest.raises(EditRefused, match="has a secret where the new text says"):
            before.with_file(path, f"import os\n{seen}".encode())
    assert before.with_file("setup.py", b"import os\npassword = 'hunter2'\n").read("setup.py").startswith(b"import os")


def test_the_commit_is_listed_once_however_often_files_change(snapshot: Snapshot) -> None:
    snapshot.paths()
    listed = _listed.cache_info().misses
    after = snapshot
    for number in range(10):
        after = after.with_file("setup.py", b"%d" % number)
        assert after.read("setup.py") == b"%d" % number
    assert _listed.cache_info().misses == listed
