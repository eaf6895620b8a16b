"""What is measured: Django 1.11 and youtube_dl from the package index, a generated repository, a fixture."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

from platformdirs import user_cache_path

from support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path

DJANGO = "Django-1.11.29.tar.gz"
DJANGO_SHA256 = "4200aefb6678019a0acf0005cd14cfce3a5e6b9b90d06145fcdd2e474ad4329c"
YOUTUBE_DL = "youtube_dl-2021.12.17.tar.gz"
YOUTUBE_DL_SHA256 = "bc59e86c5d15d887ac590454511f08ce2c47698d5a82c27bfe27b5d814bbaed2"

_SECONDS = 120
_JSON_INDEX = "application/vnd.pypi.simple.v1+json"  # PEP 691
_GENERATED_FILES = 1000
_FOLDERS = 20
_LEGACY_MODULE = """\
from __future__ import unicode_literals
import os


class Part{number}(object):

    def __init__(self, name, folder):
        super(Part{number}, self).__init__()
        self.name = name
        self.path = os.path.join(folder, name)

    def describe(self):
        return "%s in %s" % (self.name, self.path)

    def load(self):
        handle = open(self.path, "r")
        try:
            return handle.read()
        except IOError:
            return u""
        finally:
            handle.close()


def make_part_{number}(name):
    return Part{number}(name, "{{0}}/{{1}}".format(os.getcwd(), {number}))
"""


def django(folder: Path) -> Path:
    """Make a repository with one commit of Django's whole source distribution; it is downloaded once.

    Args:
        folder: an empty folder for the repository.
    """
    return _committed(_unpacked(DJANGO, DJANGO_SHA256, folder))


def django_source(folder: Path) -> Path:
    """Unpack Django's whole source distribution into an empty folder."""
    return _unpacked(DJANGO, DJANGO_SHA256, folder)


def youtube_dl_source(folder: Path) -> Path:
    """Unpack youtube_dl's source distribution into an empty folder."""
    return _unpacked(YOUTUBE_DL, YOUTUBE_DL_SHA256, folder)


def generated(folder: Path) -> Path:
    """Make a repository of a thousand small files, each with something for most rules."""
    for number in range(_GENERATED_FILES):
        path = folder / f"package{number % _FOLDERS}" / f"part{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_LEGACY_MODULE.format(number=number), encoding="utf-8")
    return _committed(folder)


def one_file(folder: Path) -> Path:
    """Make a repository with next to nothing to do."""
    folder.mkdir()
    (folder / "one.py").write_text('"""Nothing to do."""\n', encoding="utf-8")
    return _committed(folder)


def copied(repository: Path, folder: Path) -> Path:
    """Copy a repository whole, so that no round finds the objects of the one before."""
    git(repository.parent, "clone", "--quiet", "--no-hardlinks", str(repository), str(folder))
    return folder


def _committed(root: Path) -> Path:
    git(root, "init", "--quiet", "-b", "main")
    git(root, "config", "core.autocrlf", "false")
    git(root, "config", "maintenance.auto", "false")  # it would go on in the background while something is measured
    git(root, "add", "--all", "--force")
    git(root, "commit", "--quiet", "-m", "Import")
    git(root, "repack", "-a", "-d", "--quiet")
    return root


def _unpacked(file: str, sha256: str, folder: Path) -> Path:
    with tarfile.open(_downloaded(file, sha256)) as archive:
        archive.extractall(folder, filter="data")
    (root,) = folder.iterdir()
    return root


def _downloaded(file: str, sha256: str) -> Path:
    """Return a source distribution from the cache, or from the package index that pip is configured for."""
    path = user_cache_path("archaeologist", appauthor=False) / "benchmarks" / file
    if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
        return path
    data = _fetch(_link(file))
    if hashlib.sha256(data).hexdigest() != sha256:
        raise SystemExit(f"{file} is not the file that was measured before: its SHA-256 differs")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _link(file: str) -> str:
    """Return the address of a source distribution. pip itself would run its setup.py to download it."""
    page = f"{_index().rstrip('/')}/{_normalized(file.partition('-')[0])}/"
    listing: dict[str, Any] = json.loads(_fetch(page, accept=_JSON_INDEX))
    for entry in listing["files"]:
        if entry["filename"] == file:
            return urllib.parse.urljoin(page, str(entry["url"]))
    raise SystemExit(f"the package index does not have {file}")


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()  # PEP 503


def _index() -> str:
    """Return the address of the package index: pip's variable, its configuration, or its default."""
    if configured := os.environ.get("PIP_INDEX_URL"):
        return configured
    pip = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    asked = subprocess.run(pip, capture_output=True, text=True, check=False)
    if asked.returncode == 0:
        return asked.stdout.strip()
    default = [sys.executable, "-c", "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"]
    return subprocess.check_output(default, text=True).strip()


def _fetch(address: str, accept: str = "*/*") -> bytes:
    request = urllib.request.Request(address, headers={"Accept": accept})  # noqa: S310 - the user's own package index
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - see above
        content: bytes = answer.read()
    return content
