"""What the table says takes a Path does so on the Python that runs the tests, where that can be tried."""

from __future__ import annotations

import filecmp
import gzip
import logging.handlers
import os
import shutil
import sqlite3
import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from archaeologist_tools.paths.takers import METHODS, STATS, TESTS, takes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NEWEST = sys.version_info[:2]


def archive(path: Path) -> object:
    tarfile.open(path, "w").close()
    return tarfile.is_tarfile(path)


def pack(path: Path) -> object:
    zipfile.ZipFile(path, "w").close()
    return zipfile.is_zipfile(path)


def tree(path: Path) -> object:
    path.write_text("<a/>")
    return ET.parse(path).getroot().tag


def compare(path: Path) -> object:
    path.write_text("a")
    return filecmp.cmp(path, path)


def link(path: Path) -> object:
    os.symlink("target", path)  # noqa: PTH211 - the table is about this function
    return os.readlink(path)  # noqa: PTH115 - the table is about this function


def move(path: Path) -> object:
    path.write_text("a")
    shutil.move(path, path.with_name("other"))
    return shutil.copyfile(path.with_name("other"), path).read_text()


def log(kind: type[logging.FileHandler]) -> Callable[[Path], object]:
    def opened(path: Path) -> object:
        handler = kind(path)
        handler.close()
        return handler.baseFilename == str(path)

    return opened


TRIED: dict[tuple[str, int], tuple[Callable[[Path], object], object]] = {
    ("tarfile.open", 0): (archive, True),
    ("zipfile.ZipFile", 0): (pack, True),
    ("xml.etree.ElementTree.parse", 0): (tree, "a"),
    ("filecmp.cmp", 1): (compare, True),
    ("gzip.open", 0): (lambda path: gzip.open(path, "w").close(), None),
    ("sqlite3.connect", 0): (lambda path: sqlite3.connect(path).close(), None),
    ("os.symlink", 1): (link, "target"),
    ("os.mkfifo", 0): (os.mkfifo, None),
    ("shutil.move", 1): (move, "a"),
    ("logging.FileHandler", 0): (log(logging.FileHandler), True),
    ("logging.handlers.RotatingFileHandler", 0): (log(logging.handlers.RotatingFileHandler), True),
}


@pytest.mark.parametrize(("function", "place"), TRIED)
def test_function_takes_a_path(function: str, place: int, tmp_path: Path) -> None:
    assert takes(function, place, NEWEST)
    use, result = TRIED[function, place]
    assert use(tmp_path / "file") == result


@pytest.mark.parametrize(
    ("function", "place", "target"),
    [
        ("print", 0, NEWEST),
        ("open", 1, NEWEST),
        ("os.symlink", 0, NEWEST),
        ("os.walk", 0, NEWEST),
        ("glob.glob", 0, NEWEST),
        ("shutil.move", 0, (3, 8)),
        ("sqlite3.connect", 0, (3, 6)),
    ],
)
def test_function_does_not_take_a_path_or_looks_at_its_text(function: str, place: int, target: tuple[int, int]) -> None:
    assert not takes(function, place, target)


def test_every_method_belongs_to_a_path(tmp_path: Path) -> None:
    assert all(callable(getattr(tmp_path, name)) for name in (*METHODS.values(), *TESTS.values()))
    assert all(hasattr(tmp_path.stat(), name) for name in STATS.values())
