from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.errors import GitFailed
from archaeologist_tools.git.command import Git
from archaeologist_tools.git.objects import TreeEntry, list_tree, read_blobs, write_blobs
from archaeologist_tools.git.repository import base_commit, locate
from support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path

ODD_NAMES = (
    b"new\nline.py",
    b'quo"te.py',
    b"\xff\xfe.py",
    b"tab\there.py",
    b" space .py",
    b":(top)x.py",
    "äöü.py".encode(),
)


@pytest.fixture
def odd(any_format: Path) -> Path:
    for name in ODD_NAMES:
        (any_format / "app" / os.fsdecode(name)).write_bytes(name)
    (any_format / "link.py").symlink_to("/etc/passwd")
    (any_format / "run").write_bytes(b"#!/bin/sh\n")
    (any_format / "run").chmod(0o755)
    git(any_format, "add", "--all")
    head = git(any_format, "rev-parse", "HEAD")
    git(any_format, "update-index", "--add", "--cacheinfo", f"160000,{head},library")
    git(any_format, "commit", "--quiet", "-m", "Odd names")
    return any_format


def test_all_of_a_tree(odd: Path) -> None:
    location = locate(odd)
    entries = {entry.path: entry for entry in list_tree(location.git, base_commit(location))}
    assert {os.fsencode(path) for path in entries} == {
        *(b"app/" + name for name in ODD_NAMES),
        b"app/main.py",
        b"library",
        b"link.py",
        b"run",
        b"setup.py",
    }
    assert entries["link.py"].mode == "120000"
    assert entries["run"].mode == "100755"
    assert entries["library"] == TreeEntry("library", "160000", git(odd, "rev-parse", "HEAD^"), 0)
    assert entries["setup.py"].size == len(b"import app\n")


@pytest.mark.parametrize(
    ("scope", "expected"),
    [("setup.py", ["setup.py"]), ("app/main.py", ["app/main.py"]), ("ap", []), ("nothing", []), ("*", [])],
)
def test_a_scope(checkout: Path, scope: str, expected: list[str]) -> None:
    location = locate(checkout)
    assert [entry.path for entry in list_tree(location.git, base_commit(location), scope)] == expected


def test_scopes_of_odd_names(odd: Path) -> None:
    location = locate(odd)
    base = base_commit(location)
    assert len(list_tree(location.git, base, "app")) == len(ODD_NAMES) + 1
    for name in ODD_NAMES:
        path = "app/" + os.fsdecode(name)
        assert [entry.path for entry in list_tree(location.git, base, path)] == [path]


def test_what_is_listed_can_be_read(odd: Path) -> None:
    location = locate(odd)
    entries = [entry for entry in list_tree(location.git, base_commit(location)) if entry.mode != "160000"]
    contents = read_blobs(location.git, (entry.oid for entry in entries))
    assert all(len(contents[entry.oid]) == entry.size for entry in entries)
    named = {entry.path: contents[entry.oid] for entry in entries}
    assert all(named["app/" + os.fsdecode(name)] == name for name in ODD_NAMES)
    assert named["link.py"] == b"/etc/passwd"


def test_what_is_written_can_be_read(any_format: Path) -> None:
    legacy = locate(any_format).git
    sizes = (0, 1, 15, 16, 2047, 2048, 300_000)
    contents = [os.urandom(size) for size in sizes] + [b"", b"a\r\nb\n", b"blob 3\0abc"]
    oids = write_blobs(legacy, contents)
    assert [read_blobs(legacy, [oid])[oid] for oid in oids] == contents
    assert write_blobs(legacy, contents) == oids
    assert git(any_format, "fsck", "--strict", "--no-dangling") == ""


def test_the_ids_are_those_of_git(any_format: Path) -> None:
    (any_format / "new.txt").write_bytes(b"some\r\ntext")
    expected = git(any_format, "hash-object", "--no-filters", "new.txt")
    assert write_blobs(locate(any_format).git, [b"some\r\ntext"]) == [expected]


def test_thousands_of_objects_and_megabytes_do_not_jam_the_pipes(any_format: Path) -> None:
    legacy = locate(any_format).git
    contents = [b"%d\n" % number + bytes(5000) for number in range(2000)]
    oids = write_blobs(legacy, contents)
    assert list(read_blobs(legacy, oids).values()) == contents
    assert git(any_format, "fsck", "--strict", "--no-dangling") == ""


def test_nothing_starts_no_process(tmp_path: Path) -> None:
    nowhere = Git(tmp_path / "nowhere")
    assert write_blobs(nowhere, []) == []
    assert read_blobs(nowhere, []) == {}


def test_a_missing_object_is_named(checkout: Path) -> None:
    with pytest.raises(GitFailed, match="d" * 40):
        read_blobs(locate(checkout).git, ["d" * 40])


def test_attributes_and_settings_do_not_change_bytes(checkout: Path) -> None:
    (checkout / ".gitattributes").write_text("* text eol=crlf ident working-tree-encoding=UTF-16\n", encoding="ascii")
    git(checkout, "config", "core.autocrlf", "true")
    legacy = locate(checkout).git
    [oid] = write_blobs(legacy, [b"$Id$\na\r\nb\n"])
    assert read_blobs(legacy, [oid]) == {oid: b"$Id$\na\r\nb\n"}


def test_a_work_tree_around_the_git_folder_does_not_narrow_the_listing(checkout: Path) -> None:
    location = locate(checkout)
    base = base_commit(location)
    git(checkout, "config", "core.worktree", "/")
    assert [entry.path for entry in list_tree(location.git, base)] == ["app/main.py", "setup.py"]
