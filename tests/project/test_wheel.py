from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "archaeologist": ROOT / "archaeologist",
    "archaeologist_tools": ROOT / "tools" / "archaeologist_tools",
    "archaeologist_tui": ROOT / "tui" / "archaeologist_tui",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the build backend itself: pip would ask the network for it."""
    folder = tmp_path_factory.mktemp("wheel")
    (path,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return Path(path)


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_top_level_of_the_wheel_is_the_three_packages(names: set[str]) -> None:
    top = {name.partition("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == set(PACKAGES)


def test_every_file_of_the_packages_is_in_the_wheel(names: set[str]) -> None:
    there = {
        f"{package}/{path.relative_to(folder).as_posix()}"
        for package, folder in PACKAGES.items()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in {".pyc", ".pyo"}
    }
    assert there <= names


def test_the_wheel_says_that_it_is_typed_and_brings_its_licence_and_command(wheel: Path, names: set[str]) -> None:
    assert {f"{package}/py.typed" for package in PACKAGES} <= names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    (points,) = (name for name in names if name.endswith("entry_points.txt"))
    assert b"archaeologist = archaeologist.cli:main" in zipfile.ZipFile(wheel).read(points)


def test_the_rules_work_from_an_unpacked_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = "import archaeologist_tools.rules, archaeologist.cli as c; print(archaeologist_tools.__file__); c.main()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, "rules", "show", "AR100"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path / "site"))
    assert "AR100 lru-cache-call" in done.stdout
