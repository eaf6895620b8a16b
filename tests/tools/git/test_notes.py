from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from archaeologist_tools.git.notes import NOTES, read_note, write_note
from archaeologist_tools.git.repository import base_commit, locate
from support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path

TEXT = b'\n{"edits": []}\n\n# not a comment \0\xff\n\n'


def test_a_note_is_kept_byte_for_byte(any_format: Path) -> None:
    location = locate(any_format)
    base = base_commit(location)
    assert read_note(location.git, base) is None
    write_note(location.git, base, TEXT)
    assert read_note(location.git, base) == TEXT
    assert "Notes (archaeologist)" in git(any_format, "log", "--notes=archaeologist")


def test_the_same_note_twice_is_one(checkout: Path) -> None:
    location = locate(checkout)
    base = base_commit(location)
    for text in (b"1", b"1", b"2", b"2"):
        write_note(location.git, base, text)
    assert read_note(location.git, base) == b"2"
    assert git(checkout, "rev-list", "--count", NOTES) == "2"


def test_notes_of_git_itself_are_read_and_replaced(checkout: Path) -> None:
    location = locate(checkout)
    base = base_commit(location)
    git(checkout, "notes", "--ref=archaeologist", "add", "-m", "by hand", base)
    assert read_note(location.git, base) == b"by hand\n"
    write_note(location.git, base, b"ours")
    assert git(checkout, "notes", "--ref=archaeologist", "show", base) == "ours"
    assert git(checkout, "notes", "--ref=archaeologist", "list").count("\n") == 0


def test_a_fanned_out_note_is_found(checkout: Path) -> None:
    location = locate(checkout)
    base = base_commit(location)
    write_note(location.git, base, b"1")
    blob = git(checkout, "rev-parse", f"{NOTES}:{base}")
    tree = f"040000 tree {git_tree(checkout, f'100644 blob {blob}', base[2:])}"
    fanned = git_tree(checkout, tree, base[:2])
    git(checkout, "update-ref", NOTES, git(checkout, "commit-tree", fanned, "-m", "Fan out"))
    assert read_note(location.git, base) == b"1"
    write_note(location.git, base, b"2")
    assert git(checkout, "notes", "--ref=archaeologist", "show", base) == "2"
    assert git(checkout, "ls-tree", "-r", "--name-only", NOTES) == f"{base[:2]}/{base[2:]}"


def git_tree(checkout: Path, entry: str, name: str) -> str:
    (checkout / "entry").write_text(f"{entry}\t{name}\n", encoding="ascii")
    return git(checkout, "-c", f"alias.tree=!git mktree < {checkout}/entry", "tree")


def test_notes_written_at_once_are_all_kept(checkout: Path) -> None:
    for number in range(4):
        git(checkout, "commit", "--quiet", "--allow-empty", "-m", str(number))
    commits = git(checkout, "rev-list", "HEAD").splitlines()
    legacy = locate(checkout).git
    threads = [threading.Thread(target=write_note, args=(legacy, commit, commit.encode())) for commit in commits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {commit: read_note(legacy, commit) for commit in commits} == {commit: commit.encode() for commit in commits}
