"""What tells of a machine is replaced everywhere, and what refers to each other still does."""

from __future__ import annotations

import hashlib
import json
import socket
from pathlib import Path

import pytest

from archaeologist.artefacts import ArtefactStore
from archaeologist.domain.run import RunScope
from archaeologist.pipeline.recordings.neutral import Places, keep_artefacts
from archaeologist.temporal.state import StateDirectory

STATE = StateDirectory(Path("/var/my state"))


def scope(root: str, git_dir: str) -> RunScope:
    names = {"author_name": "Grace", "author_email": "grace@example.com"}
    return RunScope(run_id="1", root=root, git_dir=git_dir, base="b", branch="c", date="0 +0000", **names)


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setenv("HOME", "/home/grace")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setattr(socket, "gethostname", lambda: "graces-laptop.lan")
    return Places.of(scope('/home/grace/le"gacy', '/home/grace/le"gacy/.git'), STATE)


@pytest.mark.parametrize(
    ("text", "neutral"),
    [
        ('in /home/grace/le"gacy/a.py:', 'in /repositories/le"gacy/a.py:'),
        (json.dumps('/home/grace/le"gacy/.git'), json.dumps('/repositories/le"gacy/.git')),
        ("file:///home/grace/notes", "file:///home/user/notes"),
        ("/home/graceful", "/home/graceful"),
        ("/var/my state/worktrees/1", "/state/worktrees/1"),
        ("12@graces-laptop.lan-queue", "12@host-queue"),
        ("graces-laptop.lan says", "host says"),
        ("Bearer sk-secret", "Bearer [OPENAI_API_KEY]"),
    ],
)
def test_folders_host_and_keys_are_replaced(text: str, neutral: str, places: Places) -> None:
    assert places.replaced(text) == neutral


def test_a_git_folder_elsewhere_is_replaced_too() -> None:
    assert Places.of(scope("/srv/tree", "/data/main/.git"), STATE).replaced("/data/main/.git/x") == "/repository.git/x"


def test_a_host_that_is_called_as_things_are_is_replaced_only_where_it_is_a_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "report")
    places = Places.of(scope("/srv/tree", "/srv/tree/.git"), STATE)
    assert places.replaced('{"report": "by 3@report"}') == '{"report": "by 3@host"}'


def test_artefacts_get_the_ids_of_their_new_contents_and_are_found_by_them(tmp_path: Path) -> None:
    store = ArtefactStore(tmp_path)

    def put(text: str) -> str:
        """Do as the store does, but for the disk: there are many."""
        name = hashlib.sha256(text.encode()).hexdigest()
        (tmp_path / name[:2]).mkdir(exist_ok=True)
        (tmp_path / name[:2] / name).write_text(text)
        return name

    leaf = put("at /here")
    chain = [leaf]
    for number in range(3000):  # longer than calls can be nested
        chain.append(put(f"{number} after {chain[-1]} beside {leaf}"))
    unrelated, missing = put("nobody names this"), "f" * 64
    kept = keep_artefacts(store, [f"head {chain[-1]} and {missing}"], lambda text: text.replace("/here", "/there"))
    assert len(kept.contents) == len(chain)
    assert unrelated not in kept.ids
    assert all(hashlib.sha256(content).hexdigest() == new for new, content in kept.contents.items())
    head = kept.renamed(f"head {chain[-1]} and {missing}").split()
    assert head[3] == missing
    new, count = head[1], 0
    while kept.contents[new] != b"at /there":
        words = kept.contents[new].decode().split()
        assert kept.contents[words[4]] == b"at /there"
        new, count = words[2], count + 1
    assert count == 3000
