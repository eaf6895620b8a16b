"""A recording comes from a stranger, and perhaps not whole: whatever is wrong with it is said, and nothing is done."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from archaeologist.errors import RecordingUnusable
from archaeologist.pipeline.recordings import files
from archaeologist.pipeline.recordings.files import opened
from support.recordings import DEMO

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archaeologist.pipeline.recordings.source import RecordedSource


@pytest.fixture
def copy(demo_run: RecordedSource, tmp_path: Path) -> Path:
    """A folder that holds the demo's recording."""
    return shutil.copytree(demo_run.folder, tmp_path / "recording")


def refused(recording: Path) -> str:
    """Open a recording in vain and return why."""
    with pytest.raises(RecordingUnusable) as caught, opened(recording):
        pass
    return str(caught.value)


def test_a_folder_and_its_zip_are_the_same_run(copy: Path, demo_run: RecordedSource) -> None:
    with opened(copy) as source:
        assert list(source.recorded) == list(demo_run.recorded)


def test_what_was_unpacked_is_gone_afterwards() -> None:
    with opened(DEMO) as source:
        assert source.folder.is_dir()
    assert not source.folder.exists()


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.zip") == f"there is no recording {tmp_path / 'none.zip'}"
    assert "it has no orchestrator.json" in refused(tmp_path)


def test_what_is_no_zip_or_was_cut_short_is_told(tmp_path: Path) -> None:
    whole = DEMO.read_bytes()
    for content in (b"", b"hello", whole[: len(whole) // 2], whole[len(whole) // 2 :]):
        (tmp_path / "recording.zip").write_bytes(content)
        assert "is no recording, or not a whole one" in refused(tmp_path / "recording.zip")


def test_a_damaged_part_of_a_zip_is_told(tmp_path: Path) -> None:
    whole = bytearray(DEMO.read_bytes())
    whole[3000:3040] = bytes(40)
    (tmp_path / "recording.zip").write_bytes(whole)
    assert "is no recording, or not a whole one" in refused(tmp_path / "recording.zip")


def cut_text(path: Path) -> None:
    path.write_text(path.read_text()[:-200])


def without_first_events(path: Path) -> None:
    history = json.loads(path.read_text())
    path.write_text(json.dumps({"events": history["events"][20:]}))


def without_events(path: Path) -> None:
    path.write_text('{"events": []}')


def other_json(path: Path) -> None:
    path.write_text('["a", 1]')


@pytest.mark.parametrize("damage", [cut_text, without_first_events, without_events, other_json])
@pytest.mark.parametrize("name", ["orchestrator.json", "modernizer.json"])
def test_a_history_that_is_not_whole_is_told(damage: Callable[[Path], None], name: str, copy: Path) -> None:
    damage(copy / name)
    if damage is without_events and name == "modernizer.json":
        with opened(copy) as source:
            assert source.request  # an agent that had not begun
        return
    assert str(copy) in refused(copy)


def test_an_artefact_that_is_not_what_its_name_says_is_told(copy: Path) -> None:
    artefact = next(path for path in (copy / "artefacts").rglob("*") if path.is_file())
    artefact.write_bytes(artefact.read_bytes()[:-1])
    assert f"artefact {artefact.name[:12]} is damaged" in refused(copy)


def test_a_history_of_nobody_is_told(copy: Path) -> None:
    shutil.copy(copy / "modernizer.json", copy / "gardener.json")
    assert "gardener.json holds the history of modernizer" in refused(copy)


def test_a_history_of_a_stranger_is_told(copy: Path) -> None:
    """Somebody of the run has begun each of its agents."""
    text = (copy / "modernizer.json").read_text()
    strange = re.sub(r'("parentWorkflowExecution":\{"workflowId":")', r"\1other-", text)
    (copy / "gardener.json").write_text(strange.replace('"name":"modernizer"', '"name":"gardener"'))
    assert "no whole recording: KeyError('other-modernize-inventory-" in refused(copy)


@pytest.mark.parametrize(
    "name",
    [
        "../outside.json",
        "/outside.json",
        "repository.git/hooks/post-checkout",
        "repository.git/objects/info/alternates",
        "repository.git/refs/../../outside",
        "repository.git/config.worktree",
        "artefacts/ab/readme",
        "run.sh",
    ],
)
def test_a_zip_with_a_part_that_no_recording_has_is_refused_whole(name: str, tmp_path: Path) -> None:
    recording = tmp_path / "inside" / "recording.zip"
    recording.parent.mkdir()
    with ZipFile(recording, "w") as archive:
        archive.writestr(name, "x")
    assert refused(recording) == f"{recording} has a part that no recording has: {name!r}"
    assert list(tmp_path.iterdir()) == [recording.parent]


def test_a_repository_whose_configuration_starts_programs_is_refused(copy: Path) -> None:
    config = copy / "repository.git" / "config"
    config.write_text(config.read_text() + "[core]\n\tfsmonitor = touch /tmp/started\n")
    assert "'repository.git/config'" in refused(copy)


def test_a_link_out_of_the_repository_is_refused(copy: Path) -> None:
    (copy / "repository.git" / "refs" / "heads" / "away").symlink_to("/etc/passwd")
    assert "'repository.git/refs/heads/away'" in refused(copy)


def test_a_zip_that_would_fill_the_disk_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 100_000)
    assert refused(DEMO) == f"{DEMO} is too large"
